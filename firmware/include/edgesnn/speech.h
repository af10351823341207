/* Log Mel band energies of overlapping windows of sound, in integers. */
#ifndef EDGESNN_SPEECH_H
#define EDGESNN_SPEECH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* window: `length` factors in Q15. cosine: round(2^14 cos(2 pi k / points)), k = 0..points / 2; points is a power of
 * two from 32 to 512. segments, weights: of the bins 0..points / 2, as edgesnn/encode/mel.py describes them. */
typedef struct {
    int32_t length, step, points, bands;
    int32_t preemphasis_shift, floor_bits;
    const int16_t *window, *cosine;
    const uint8_t *segments;
    const uint16_t *weights;
} esnn_speech;

typedef struct {
    int32_t re, im;
} esnn_complex;

/* held: length + 1 samples; work: points / 2 numbers; features: one a band. */
typedef struct {
    int16_t *held;
    esnn_complex *work;
    int16_t *features;
    int32_t filled;
} esnn_speech_state;

/* A new recording. */
void esnn_speech_reset(const esnn_speech *p, esnn_speech_state *s);

/* Takes samples up to the end of a window: 1 and its features in s->features, or 0 when all samples are taken.
 * Moves *samples and *count on. */
int esnn_speech_take(const esnn_speech *p, esnn_speech_state *s, const int16_t **samples, size_t *count);

/* The parts. The Fourier transform of points / 2 numbers, in place. */
void esnn_fft(const int16_t *cosine, int32_t points, esnn_complex *z);

/* 4 |X[bin]|^2 of the real signal whose samples, two and two as complex numbers, lay in z before esnn_fft. */
uint64_t esnn_power(const int16_t *cosine, int32_t points, const esnn_complex *z, int32_t bin);

/* log2(x) in Q8, x >= 1. */
int16_t esnn_log2(uint64_t x);

#ifdef __cplusplus
}
#endif

#endif
