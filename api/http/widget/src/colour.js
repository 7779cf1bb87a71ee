/** @typedef {number[]} Rgb three numbers, 0 to 255 */

/**
 * Returns a computed CSS colour as numbers, or null where it is in a space that is not sRGB.
 * @param {string} text
 * @returns {Rgb | null}
 */
export function readColour(text) {
  const found = /^(rgba?\(|color\(srgb )([\d.e-]+)[, ]+([\d.e-]+)[, ]+([\d.e-]+)/.exec(text);
  if (!found) return null;
  const scale = found[1] === "color(srgb " ? 255 : 1;
  return [Number(found[2]) * scale, Number(found[3]) * scale, Number(found[4]) * scale];
}

/**
 * Returns the relative luminance of WCAG 2.
 * @param {Rgb} colour
 */
function luminance(colour) {
  const part = (/** @type {number} */ i) => {
    const c = colour[i] / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2);
}

/**
 * Returns the contrast of two colours, 1 to 21.
 * @param {Rgb} one
 * @param {Rgb} other
 */
export function contrast(one, other) {
  const a = luminance(one) + 0.05;
  const b = luminance(other) + 0.05;
  return a > b ? a / b : b / a;
}

/**
 * Returns the accent, darkened or lightened until text in it can be read on the ground, and the
 * colour of text on it.
 * @param {Rgb} accent
 * @param {Rgb} ground
 */
export function legible(accent, ground) {
  const goal = luminance(ground) > 0.18 ? 0 : 255;
  let colour = accent;
  for (let step = 1; contrast(colour, ground) < 4.6 && step <= 50; step++) {
    const mix = (/** @type {number} */ i) => Math.round(accent[i] + ((goal - accent[i]) * step) / 50);
    colour = [mix(0), mix(1), mix(2)];
  }
  const on = contrast(colour, [255, 255, 255]) >= contrast(colour, [17, 17, 17]) ? "#fff" : "#111";
  return { accent: `rgb(${colour[0]},${colour[1]},${colour[2]})`, on };
}
