/** Smaller pictures hold no line of text: bullets, spacers, icons, tracking pixels. Pixels. */
const MIN_WIDTH = 40;
const MIN_HEIGHT = 12;

export function isTiny({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return width < MIN_WIDTH || height < MIN_HEIGHT;
}
