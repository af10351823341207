#include "esnn_turn.h"

static uint64_t square(int32_t x)
{
    return (uint64_t)((int64_t)x * x);
}

uint64_t esnn_power(const int16_t *cosine, int32_t points, const esnn_complex *z, int32_t bin)
{
    const int32_t count = points / 2;
    const esnn_complex here = z[bin % count], mirrored = z[(count - bin) % count];
    const esnn_complex odd = {here.im + mirrored.im, mirrored.re - here.re};
    const esnn_complex turned = esnn_turn(cosine, points, odd, bin);

    return square(here.re + mirrored.re + turned.re) + square(here.im - mirrored.im + turned.im);
}
