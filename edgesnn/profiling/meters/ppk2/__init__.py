"""Nordic Power Profiler Kit II (PPK2), over its USB serial port.

Facts and how they are known. Read in the source of Nordic's own application, pc-nrfconnect-ppk (src/constants.ts,
src/device/serialDevice.ts, src/device/abstractDevice.ts; no code of it is here): the command bytes, the layout of a
sample, the calibration formula with its reference of 1.8 V / 163840 and the factor 4, the 100,000 samples a second,
the source voltage of 800 to 5000 mV, the end of the metadata. Read in another implementation (ppk2-rs,
ppk2/src/types.rs): a metadata text of a real device, the meaning of 1 and 0 for the board's power. On third parties'
pages: that it measures up to 1 A. From memory, not looked up: that in ampere meter mode the voltage in the formula is
the one of the metadata, and that the logic inputs want the board's supply on the VCC pin beside them. Nothing here has
run on a real PPK2.
"""

from edgesnn.profiling.meters.ppk2.calibration import Calibration, parse
from edgesnn.profiling.meters.ppk2.driver import Ppk2
from edgesnn.profiling.meters.ppk2.samples import Samples, unpack

__all__ = ["Calibration", "Ppk2", "Samples", "parse", "unpack"]
