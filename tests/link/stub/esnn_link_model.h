#ifndef ESNN_LINK_MODEL_H
#define ESNN_LINK_MODEL_H

#include "stub.h"

#define ESNN_LINK_MODEL_NAME "stub"
#define ESNN_LINK_FIRMWARE "edgesnn test"
#define ESNN_LINK_BUILD_HASH {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
                              17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32}
#define ESNN_LINK_INPUT_LOW (-100)
#define ESNN_LINK_INPUT_HIGH 100
#define ESNN_LINK_INPUT_SIZE STUB_INPUT_SIZE
#define ESNN_LINK_OUTPUT_SIZE STUB_OUTPUT_SIZE
#define ESNN_LINK_TIME_STEPS STUB_TIME_STEPS
#define ESNN_LINK_MOST_STEPS STUB_TIME_STEPS
#define ESNN_LINK_STATE_BYTES STUB_STATE_BYTES
#define ESNN_LINK_NODES STUB_NODES
#define esnn_link_model_reset stub_reset
#define esnn_link_model_step stub_step
#define esnn_link_model_decide stub_decide
#define esnn_link_model_state stub_state

#ifndef STUB_IS_DEAF
#define ESNN_LINK_HEARS 1
#define esnn_link_model_hear_reset stub_hear_reset
#define esnn_link_model_hear stub_hear
#define esnn_link_model_hear_end stub_hear_end
#endif

#endif
