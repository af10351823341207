/* What a network has learned, kept without power: store/learned.h over the link. */
#include "esnn_link_model.h"
#include "protocol.h"
#include "verbs.h"
#include "wire.h"

#ifdef ESNN_LINK_STORES

#include "store/learned.h"

static esnn_learned learned(void)
{
    const esnn_learned all = {esnn_link_model_parts(), ESNN_LINK_PARTS, ESNN_LINK_NETWORK};

    return all;
}

uint8_t esnn_link_store(void)
{
    const esnn_learned all = learned();

    return esnn_learned_store(&all) ? ESNN_LINK_OK : ESNN_LINK_NOT_STORED;
}

uint8_t esnn_link_recall(uint8_t *body, size_t *size)
{
    const esnn_learned all = learned();

    if (!esnn_learned_recall(&all)) {
        return ESNN_LINK_NOT_STORED;
    }
    const esnn_learn_state *const state = all.part[all.parts - 1u].memory; /* the last of NAME_parts() */

    *size = (size_t)(esnn_link_put32(body, state->draw) - body);
    return ESNN_LINK_OK;
}

uint8_t esnn_link_stored(uint8_t *body, size_t *size)
{
    const esnn_learned all = learned();
    esnn_learned_record record;
    uint8_t *end = esnn_link_put8(body, (uint8_t)esnn_learned_look(&all, &record));

    end = esnn_link_put32(end, record.sequence);
    end = esnn_link_put32(end, record.version);
    end = esnn_link_put32(end, record.network);
    end = esnn_link_put32(end, record.bytes);
    end = esnn_link_put32(end, all.network);
    *size = (size_t)(end - body);
    return ESNN_LINK_OK;
}

#endif
