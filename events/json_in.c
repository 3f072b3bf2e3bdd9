#include "json.h"

#include <cjson/cJSON.h>

#include "failure.h"
#include "json_scan.h"

/* Two readers read each text: the scanner, which knows the limits and lays out the tree, and cJSON. What they do not
 * understand alike is refused. Numbers are the scanner's alone: cJSON keeps them as doubles. */

static bool same_string(const char *theirs, struct text ours)
{
    return theirs != NULL && strlen(theirs) == ours.bytes && memcmp(theirs, ours.at, ours.bytes) == 0;
}

static bool agrees(const cJSON *theirs, const struct json *ours);

static bool children_agree(const cJSON *theirs, const struct json *ours)
{
    const cJSON *c = theirs->child;
    const struct json *j = ours->first;
    for (; c && j; c = c->next, j = j->next)
        if (!agrees(c, j) || (ours->type == JSON_OBJECT && !same_string(c->string, j->key)))
            return false;
    return c == NULL && j == NULL;
}

static bool agrees(const cJSON *theirs, const struct json *ours)
{
    switch (ours->type) {
    case JSON_NULL:
        return cJSON_IsNull(theirs);
    case JSON_BOOL:
        return ours->truth ? cJSON_IsTrue(theirs) : cJSON_IsFalse(theirs);
    case JSON_NUMBER:
        return cJSON_IsNumber(theirs);
    case JSON_STRING:
        return cJSON_IsString(theirs) && same_string(theirs->valuestring, ours->string);
    case JSON_ARRAY:
        return cJSON_IsArray(theirs) && children_agree(theirs, ours);
    case JSON_OBJECT:
        return cJSON_IsObject(theirs) && children_agree(theirs, ours);
    }
    return false;
}

static int read_again(struct text terminated, const struct json *ours, struct json_error *ret_error)
{
    cJSON *theirs = cJSON_ParseWithLengthOpts(terminated.at, terminated.bytes + (size_t)1, NULL, true);
    bool same = theirs != NULL && agrees(theirs, ours);
    cJSON_Delete(theirs);
    if (same)
        return 0;
    *ret_error = (struct json_error){ 0, "two readers do not understand it alike" };
    return FAIL_MALFORMED;
}

int json_read(struct arena *arena, struct text t, const struct json_limits *limits, const struct json **ret, struct json_error *ret_error)
{
    if (t.bytes > limits->bytes_max) {
        *ret_error = (struct json_error){ limits->bytes_max, "the text is too long" };
        return FAIL_TOO_LARGE;
    }
    char *copy = arena_take(arena, (size_t)t.bytes + 1);
    if (t.bytes > 0)
        memcpy(copy, t.at, t.bytes);
    struct text terminated = { copy, t.bytes };
    struct json *tree;
    int failure = json_scan(arena, terminated, limits, &tree, ret_error);
    if (!failure)
        failure = read_again(terminated, tree, ret_error);
    if (!failure)
        *ret = tree;
    return failure;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (object == NULL || object->type != JSON_OBJECT)
        return NULL;
    size_t bytes = strlen(key);
    for (const struct json *j = object->first; j; j = j->next)
        if (j->key.bytes == bytes && memcmp(j->key.at, key, bytes) == 0)
            return j;
    return NULL;
}
