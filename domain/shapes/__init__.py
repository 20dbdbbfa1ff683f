"""How a measured value becomes points: one class per shape, with its keys in the file and its sentence."""

from typing import Annotated

from pydantic import Field

from domain.shapes.bands import Bands, Curve
from domain.shapes.completion import AllOrNothing, Completion
from domain.shapes.ranks import Rank
from domain.shapes.rates import Bonus, Control, Deduction, Penalty, PerUnit, Slices
from domain.shapes.shape import Line, Piece, Shape, ShapeColumns

__all__ = [
    "AllOrNothing", "AnyShape", "Bands", "Bonus", "Completion", "Control", "Curve", "Deduction", "Line", "Penalty",
    "PerUnit", "Piece", "Rank", "Shape", "ShapeColumns", "Slices",
]  # fmt: skip

AnyShape = Annotated[
    Completion | AllOrNothing | Curve | Bands | PerUnit | Slices | Deduction | Control | Bonus | Penalty | Rank,
    Field(discriminator="kind"),
]
