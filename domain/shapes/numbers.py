"""The numbers of a shape's keys, each with what would be right in it."""

from decimal import Decimal
from typing import Annotated

from domain.scheme_file.faults import decimal_text

Ratio = Annotated[Decimal, decimal_text("0", "100", 6, "1.2")]
Slope = Annotated[Decimal, decimal_text("0", "100", 4, "0.5")]
Rate = Annotated[Decimal, decimal_text("0.000001", "100", 6, "0.5")]
Per = Annotated[Decimal, decimal_text("0.001", "1000000000000", 3, "1")]
Limit = Annotated[Decimal, decimal_text("0.000001", "100", 6, "10")]
Free = Annotated[Decimal, decimal_text("0", "1000000000000", 3, "2")]
Earned = Annotated[Decimal, decimal_text("0", "200", 4, "20")]
Place = Annotated[Decimal, decimal_text("-1000000000000", "1000000000000", 4, "0.8")]
