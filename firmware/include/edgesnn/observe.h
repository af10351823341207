/* Observation of a model's layers, compiled in where EDGESNN_OBSERVE is defined.
 *
 * The generated <model>_step() calls esnn_observe() after each node of the model, in the order of the nodes:
 * board firmware counts instructions between the calls, digests the outputs, or copies them out. The firmware
 * defines the function; the generated code and the kernels never do.
 */
#ifndef EDGESNN_OBSERVE_H
#define EDGESNN_OBSERVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* node: index in the model's list of nodes. output: its tensor as the layout of the generated code describes it
 * (type, memory order); valid during the call only, because later nodes reuse the memory. bytes: its size. */
void esnn_observe(uint16_t node, const void *output, uint32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
