const page = document.getElementById("redoc");
const { init } = await import(page.dataset.bundle);
init(page.dataset.document, { disableTelemetry: true, hideSchemaPattern: true }, page);
