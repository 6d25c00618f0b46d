"""示意图 (schematic map): township outlines drawn around approximate centres, because no official ones are free to use.

Each township gets the points nearer to its centre than to any other (Voronoi cells), inside an oval around the county.
Every feature says 示意.
"""

import numpy as np
import numpy.typing as npt

from town.divisions import county

Points = npt.NDArray[np.float64]
NOTE = "示意：按乡镇大致中心划分，非法定界线"


def outlines(code: str = "640324") -> dict[str, object]:
    """GeoJSON of a county's townships: properties name, code, note, cp (the label's place). KeyError: unknown county."""
    place = county(code)
    centres = np.array([(township.longitude, township.latitude) for township in place.townships])
    stretch = np.array(
        [np.cos(np.radians(centres[:, 1].mean())), 1.0]
    )  # a degree east is shorter than one north
    oval = _oval(place.box) * stretch
    features = []
    for number, township in enumerate(place.townships):
        ring = _cell(oval, centres * stretch, number) / stretch
        closed = [*ring.round(5).tolist(), ring[0].round(5).tolist()]
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "name": township.name,
                    "code": township.code,
                    "note": NOTE,
                    "cp": [township.longitude, township.latitude],
                },
                "geometry": {"type": "Polygon", "coordinates": [closed]},
            }
        )
    return {"type": "FeatureCollection", "note": NOTE, "features": features}


def _oval(box: tuple[float, float, float, float], corners: int = 72) -> Points:
    """A rounded box, anticlockwise."""
    west, south, east, north = box
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    x, y = np.cos(angle), np.sin(angle)
    x, y = np.sign(x) * np.abs(x) ** 0.6, np.sign(y) * np.abs(y) ** 0.6
    return np.column_stack(
        [(west + east) / 2 + x * (east - west) / 2, (south + north) / 2 + y * (north - south) / 2]
    )


def _cell(ring: Points, centres: Points, number: int) -> Points:
    """The part of a convex ring that is nearest to one centre: cut once for each other centre."""
    own = centres[number]
    for other in np.delete(centres, number, axis=0):
        across, middle = other - own, (other + own) / 2
        outside = (ring - middle) @ across
        kept = []
        for place in range(len(ring)):
            here, there = outside[place], outside[(place + 1) % len(ring)]
            if here <= 0:
                kept.append(ring[place])
            if (here < 0 < there) or (there < 0 < here):
                kept.append(
                    ring[place] + (ring[(place + 1) % len(ring)] - ring[place]) * here / (here - there)
                )
        ring = np.array(kept)
    return ring
