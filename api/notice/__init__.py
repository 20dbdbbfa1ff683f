"""The grade notice: one page A4 as PDF, in Chinese or English, with lines, reasons, people, and how to appeal."""
