"""Pictures of the digits 0 to 9, drawn and not downloaded.

Every picture is a digit of one of many fonts that Debian ships in
python-matplotlib-data, turned, sheared, scaled and moved a little at random,
16 x 16 grey values with noise. Those for testing are of fonts that those for
training are not.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/matplotlib/mpl-data/fonts/ttf/"
TRAINING_FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSansMono-BoldOblique", "DejaVuSerif",
                  "DejaVuSerif-Bold", "DejaVuSerif-BoldItalic", "STIXGeneral", "STIXGeneralBol", "STIXGeneralBolIta", "cmb10", "cmr10", "cmss10")
TESTING_FONTS = ("DejaVuSans-BoldOblique", "DejaVuSansMono-Bold", "DejaVuSerif-Italic", "STIXGeneralItalic", "cmtt10")
SIZE = 16
# Digits are drawn larger than they are needed, so that turning them does not blur them.
FINE = 4


def drawn(digit: int, font: str) -> Image.Image:
    """A digit in the middle of a fine picture, as high as five eighths of it."""
    side = FINE * SIZE
    height = 0
    points = side // 2
    while height < side * 5 // 8:
        points += 1
        face = ImageFont.truetype(f"{FONTS}{font}.ttf", points)
        left, top, right, bottom = face.getbbox(str(digit))
        height = bottom - top
    picture = Image.new("L", (side, side))
    ImageDraw.Draw(picture).text(((side - left - right) / 2, (side - top - bottom) / 2), str(digit), fill=255, font=face)
    return picture


def moved(picture: Image.Image, random: np.random.Generator) -> np.ndarray:
    """The picture turned by up to 15 degrees, sheared, scaled and moved by up to two pixels."""
    angle, shear = random.uniform(-0.26, 0.26), random.uniform(-0.15, 0.15)
    scale = random.uniform(0.85, 1.25, 2)
    shift = random.uniform(-2, 2, 2) * FINE
    back = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) @ [[1, shear], [0, 1]] / scale
    middle = np.full(2, FINE * SIZE / 2)
    offset = middle - back @ (middle + shift)
    affine = (back[0, 0], back[0, 1], offset[0], back[1, 0], back[1, 1], offset[1])
    fine = picture.transform(picture.size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
    return np.asarray(fine, np.float32).reshape(SIZE, FINE, SIZE, FINE).mean((1, 3)) / 255


def digits(count: int, fonts: tuple[str, ...], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` pictures, each entry about 0 in the mean, and their labels: 1 at the digit, else 0."""
    random = np.random.default_rng(seed)
    fine = {(digit, font): drawn(digit, font) for digit in range(10) for font in fonts}
    classes = random.permutation(np.arange(count) % 10)
    pictures = np.stack([moved(fine[digit, fonts[random.integers(len(fonts))]], random) for digit in classes])
    pictures += random.normal(0, 0.1, pictures.shape).astype(np.float32)
    return (pictures - np.float32(0.2)) * 2, np.eye(10, dtype=np.float32)[classes]
