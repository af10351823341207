"""Spike encoders, and the fixed-point front ends that turn raw samples of a sensor into a model's input.

Encoders: threshold-adaptive (float and fixed point), Step-Forward, threshold-based, Moving-Window; each with its
decoder, whole or in chunks. Front ends: speech (log Mel bands) and multi-channel signals, as a device computes them.
"""

from edgesnn.encode.adaptive import AdaptiveEncoder, FixedAdaptiveEncoder
from edgesnn.encode.channels import ChannelFrontEnd
from edgesnn.encode.design import Thresholds, design_channels, design_speech
from edgesnn.encode.encoder import Encoder, Stream
from edgesnn.encode.front_end import FrontEnd, FrontEndStream
from edgesnn.encode.moving_window import MovingWindowEncoder
from edgesnn.encode.quality import snr_db
from edgesnn.encode.speech import SpeechFrontEnd
from edgesnn.encode.step_forward import StepForwardEncoder
from edgesnn.encode.storage import from_dict, front_end_of, to_dict
from edgesnn.encode.threshold import ThresholdEncoder

__all__ = [
    "AdaptiveEncoder", "ChannelFrontEnd", "Encoder", "FixedAdaptiveEncoder", "FrontEnd", "FrontEndStream",
    "MovingWindowEncoder", "SpeechFrontEnd", "StepForwardEncoder", "Stream", "ThresholdEncoder", "Thresholds",
    "design_channels", "design_speech", "from_dict", "front_end_of", "snr_db", "to_dict",
]  # fmt: skip
