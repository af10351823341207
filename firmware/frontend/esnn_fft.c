#include "esnn_turn.h"

/* Into the order in which the butterflies want them: the index's bits in reverse. */
static void reorder(esnn_complex *z, int32_t count)
{
    int32_t reversed = 0;

    for (int32_t i = 0; i < count; i++) {
        if (i < reversed) {
            const esnn_complex held = z[i];

            z[i] = z[reversed];
            z[reversed] = held;
        }
        int32_t bit = count / 2;
        while (bit != 0 && (reversed & bit) != 0) {
            reversed -= bit;
            bit /= 2;
        }
        reversed += bit;
    }
}

void esnn_fft(const int16_t *cosine, int32_t points, esnn_complex *z)
{
    const int32_t count = points / 2;

    reorder(z, count);
    for (int32_t span = 1; span < count; span *= 2) {
        for (int32_t k = 0; k < span; k++) {
            for (int32_t i = k; i < count; i += 2 * span) {
                const esnn_complex low = z[i];
                const esnn_complex high = esnn_turn(cosine, points, z[i + span], k * (count / span));

                z[i].re = low.re + high.re;
                z[i].im = low.im + high.im;
                z[i + span].re = low.re - high.re;
                z[i + span].im = low.im - high.im;
            }
        }
    }
}
