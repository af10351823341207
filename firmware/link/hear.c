#include "esnn_link_model.h"
#include "hearing.h"
#include "observe.h"
#include "progress.h"
#include "timing.h"
#include "verbs.h"
#include "wire.h"

#ifdef ESNN_LINK_HEARS

static int16_t samples[ESNN_LINK_BODY_BYTES / 2];

void esnn_link_hear_reset(void)
{
    esnn_link_model_hear_reset();
    esnn_link_heard = 0;
}

/* Steps u32 and the front end's count u64 since reset, then what came out. */
static uint8_t answer(uint8_t *body, size_t *size)
{
    uint8_t *end = esnn_link_put32(body, (uint32_t)esnn_link_progress.steps);
    end = esnn_link_put64(end, esnn_link_heard);
    *size = (size_t)(esnn_link_describe(end) - body);
    return ESNN_LINK_OK;
}

/* OK where the body begins with a mode that runs through; a stop would need an answer to every one. */
static uint8_t check(const struct esnn_link_request *request)
{
    if (request->size == 0) {
        return ESNN_LINK_BAD_LENGTH;
    }
    const uint8_t modes = request->body[0];
    return modes > ESNN_LINK_MODES || (modes & ESNN_LINK_STOP) != 0 ? ESNN_LINK_BAD_RANGE : ESNN_LINK_OK;
}

uint8_t esnn_link_hear(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    const uint8_t status = check(request);
    const int16_t *next = samples;
    size_t count = 0;

    if (status != ESNN_LINK_OK || request->size % 2 == 0) {
        return status != ESNN_LINK_OK ? status : (uint8_t)ESNN_LINK_BAD_LENGTH;
    }
    for (size_t at = 1; at < request->size; at += 2) {
        const uint16_t raw = esnn_link_get16(request->body + at);
        samples[count++] = (int16_t)(raw < 0x8000u ? (int32_t)raw : (int32_t)raw - 0x10000);
    }
    while (esnn_link_time_hear(&next, &count)) {
        esnn_link_step(request->body[0]);
    }
    return answer(body, size);
}

uint8_t esnn_link_hear_end(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    const uint8_t status = check(request);

    if (status != ESNN_LINK_OK || request->size != 1) {
        return status != ESNN_LINK_OK ? status : (uint8_t)ESNN_LINK_BAD_LENGTH;
    }
    while (esnn_link_time_hear_end()) {
        esnn_link_step(request->body[0]);
    }
    return answer(body, size);
}

#else

void esnn_link_hear_reset(void)
{
}

uint8_t esnn_link_hear(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    (void)request;
    (void)body;
    (void)size;
    return ESNN_LINK_UNSUPPORTED;
}

uint8_t esnn_link_hear_end(const struct esnn_link_request *request, uint8_t *body, size_t *size)
{
    return esnn_link_hear(request, body, size);
}

#endif
