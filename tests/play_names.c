/* Names of streams ("P1") and labels of events ("T1"), as a scenario gives them. */
#include "play.h"

static bool is(const char *name, struct text t)
{
    return text_is(t, name);
}

static void take(char out[NAME_BYTES], struct text t)
{
    snprintf(out, NAME_BYTES, "%.*s", TEXT_ARGS(t));
}

struct named *play_named(struct play *p, struct text name)
{
    for (unsigned i = 0; i < p->name_count; i++)
        if (is(p->names[i].name, name))
            return &p->names[i];
    return NULL;
}

const char *play_name_of(struct play *p, uint64_t stream)
{
    for (unsigned i = 0; i < p->name_count; i++)
        if (p->names[i].stream == stream)
            return p->names[i].name;
    return "?";
}

void play_bind(struct play *p, struct text name, enum stream_type type, uint64_t stream)
{
    if (p->name_count == NAMES_MAX || name.bytes >= NAME_BYTES) {
        play_fail(p, "too many names, or too long a name");
        return;
    }
    struct named *n = &p->names[p->name_count++];
    take(n->name, name);
    n->type = type;
    n->stream = stream;
}

struct label *play_labelled(struct play *p, struct text name)
{
    for (unsigned i = p->label_count; i-- > 0;)     /* given twice: the last one counts */
        if (is(p->labels[i].name, name))
            return &p->labels[i];
    return NULL;
}

const char *play_label_of(struct play *p, uint64_t seq)
{
    for (unsigned i = 0; i < p->label_count; i++)
        if (p->labels[i].seq == seq)
            return p->labels[i].name;
    return NULL;
}

void play_label(struct play *p, struct text name, const struct kind *kind, const struct outcome *out, int32_t on)
{
    if (p->label_count == LABELS_MAX || name.bytes >= NAME_BYTES) {
        play_fail(p, "too many labels, or too long a label");
        return;
    }
    struct label *l = &p->labels[p->label_count++];
    take(l->name, name);
    l->seq = out->seq;
    l->stream = out->stream;
    l->kind = kind;
    l->on = on;
}
