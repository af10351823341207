#include "edgesnn/arrange.h"

void esnn_concat_bytes(const void *x, uint32_t x_bytes, const void *z, uint32_t z_bytes, int32_t positions, void *y)
{
    const unsigned char *from_x = x, *from_z = z;
    unsigned char *to = y;

    for (int32_t position = 0; position < positions; position++) {
        for (uint32_t i = 0; i < x_bytes; i++) {
            *to++ = *from_x++;
        }
        for (uint32_t i = 0; i < z_bytes; i++) {
            *to++ = *from_z++;
        }
    }
}
