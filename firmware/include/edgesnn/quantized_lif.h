/* The leaky neuron whose state is a code c of 8, 4 or 2 bits, one time step, for synaptic input a:
 *
 *     v = leak[c] + a                                         (- code_low with 32-bit inputs)
 *     spike where v >= threshold; there c = 0, elsewhere c = code[clip(v, 0, code_last)]
 *
 * v and the threshold count from the first entry of the table `code`: with 16-bit inputs that is part of `leak`.
 * The suffix names the type of the input and the width of the codes, which are packed without gaps, lowest index in
 * the lowest bits. Spikes are packed and do not overlap the input.
 */
#ifndef EDGESNN_QUANTIZED_LIF_H
#define EDGESNN_QUANTIZED_LIF_H

#include <stdint.h>

#include "rescaled.h"
#include "tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* leak: 2^bits values, that of code c at index c modulo 2^bits; that of -2^(bits-1), which no code is, is 0. code: codes in
 * two's complement, upper bits zero. inside: how many potentials from 0 on are in the table and below every threshold.
 * rescaled: of the kernels that have one, with suffix r16. Those have one threshold, from 1 to 1,023, a shift from 2 to 31,
 * and a table of 1,024 codes, 0 from the threshold on; code_low, code_last, inside and spread are not used. */
typedef struct {
    const void *threshold; /* int16_t or int32_t, like the input */
    const int16_t *leak;
    const uint8_t *code;
    int32_t code_low, code_last;
    uint32_t inside;
    uint16_t positions, channels;
    uint8_t spread; /* of the threshold */
    esnn_rescaled rescaled;
} esnn_quantized_lif;

void esnn_quantized_lif_i16_c8(const esnn_quantized_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_quantized_lif_i16_c4(const esnn_quantized_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_quantized_lif_i16_c2(const esnn_quantized_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_quantized_lif_i32_c8(const esnn_quantized_lif *p, const int32_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_quantized_lif_i32_c4(const esnn_quantized_lif *p, const int32_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_quantized_lif_i32_c2(const esnn_quantized_lif *p, const int32_t *a, uint8_t *codes, uint32_t *spikes);

void esnn_quantized_lif_r16_c8(const esnn_quantized_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_quantized_lif_r16_c4(const esnn_quantized_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);
void esnn_quantized_lif_r16_c2(const esnn_quantized_lif *p, const int16_t *a, uint8_t *codes, uint32_t *spikes);

#ifdef __cplusplus
}
#endif

#endif
