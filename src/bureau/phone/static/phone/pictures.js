// 照片: made small on the phone. Drawing it anew leaves behind what the camera wrote about place, time and person.
const LONGEST = 1600;
const QUALITY = 0.8;

async function opened(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return createImageBitmap(file); // older browsers do not know the option
  }
}

/** {sha256, size, bytes} of a small JPEG; throws for what is not a photo. */
export async function shrink(file) {
  const picture = await opened(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if (picture.close) picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) throw new Error("no picture");
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { sha256: [...hash].map((one) => one.toString(16).padStart(2, "0")).join(""), size: bytes.length, bytes };
}

export const canRead = () => "BarcodeDetector" in window;

/** The code on a photographed card, or "". */
export async function readCard(file) {
  const found = await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(await opened(file));
  return found.length ? found[0].rawValue : "";
}
