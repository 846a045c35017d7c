// A chart that is changed in place, so that zoom, hover and hidden series survive new data: Streamlit's own
// st.plotly_chart mounts anew whenever the data change. A figure names colours of the theme as
// var(--st-name) or var(--st-name/percent); they are looked up here, where the theme is known.
const PLOTLY = "/assets/plotly.min.js";
const TOKEN = /^var\((--st-[a-z-]+)(?:\[(\d+)\])?(?:\/(\d+))?\)$/;

let loading;
const plotly = () => (loading ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = PLOTLY;
  script.onload = () => resolve(window.Plotly);
  script.onerror = () => { loading = undefined; reject(new Error(`${PLOTLY} could not be loaded`)); };
  document.head.appendChild(script);
}));

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function translucent(color, percent) {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${percent / 100})`;
}

function paint(value, style) {
  if (Array.isArray(value)) return value.map((item) => paint(item, style));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, paint(item, style)]));
  }
  const token = typeof value === "string" && value.startsWith("var(") && TOKEN.exec(value);
  if (!token) return value;
  const found = style.getPropertyValue(token[1]).trim();
  const color = token[2] ? found.split(",")[Number(token[2])].trim() : found;
  return token[3] ? translucent(color, Number(token[3])) : color;
}

export default function (component) {
  const { data, parentElement } = component;
  const element = parentElement.querySelector(".live-chart");
  const figure = JSON.parse(data.figure);
  element.style.height = `${figure.layout.height}px`;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", data.alt);
  const draw = async () => {
    const Plotly = await plotly();
    if (!element.isConnected) return;
    const style = getComputedStyle(element);
    const shown = paint(figure, style);
    shown.layout.font = { ...shown.layout.font, family: style.getPropertyValue("--st-font") };
    await Plotly.react(element, shown.data, shown.layout, data.config);
    element.dataset.drawn = "true";
  };
  // One after the other: two draws at once leave Plotly with half of each. What failed is drawn by the next data.
  element.drawing = (element.drawing ?? Promise.resolve()).then(draw).catch((error) => console.error(error));
  return () => { if (!element.isConnected && window.Plotly) window.Plotly.purge(element); };
}
