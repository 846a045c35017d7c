// Nothing on this page may leave the machine. ReDoc draws its maker's logo from a CDN; the page's
// Content-Security-Policy would block it, and complain in the console. So the picture is not asked for at all.
const picture = HTMLImageElement.prototype;
const { setAttribute } = Element.prototype;
const source = Object.getOwnPropertyDescriptor(picture, "src");

function leavesTheMachine(address) {
  const { protocol, host } = new URL(address, document.baseURI);
  return protocol.startsWith("http") && host !== location.host;
}

picture.setAttribute = function (name, value) {
  if (name !== "src" || !leavesTheMachine(value)) setAttribute.call(this, name, value);
};

Object.defineProperty(picture, "src", {
  ...source,
  set(address) {
    if (!leavesTheMachine(address)) source.set.call(this, address);
  },
});
