#include "json_scan.h"

#include <assert.h>
#include <stdlib.h>

#include "failure.h"
#include "json_decode.h"

#define DEPTH_MAX 128           /* this scanner, like cJSON, goes down by recursion */
#define FEW_KEYS 8              /* up to here comparing all pairs is cheaper than sorting */
#define WHOLE_MAX UINT64_C(92233720368547758)   /* INT64_MAX hundredths, less the last 0.07 */

/* What the tree shows is the json; the scanner also remembers where its key was, for the refusal of a second one. */
struct node {
    struct json json;
    uint32_t key_byte;
};

struct scan {
    const uint8_t *start, *at, *end;    /* *end is a NUL, so that looking at *at never needs a test */
    struct arena *arena;
    uint32_t depth_left, nodes_left;
    int failure;
    struct json_error error;
};

static bool refuse_at(struct scan *s, int failure, const uint8_t *where, const char *why)
{
    s->failure = failure;
    s->error = (struct json_error){ (uint32_t)(where - s->start), why };
    return false;
}

static bool refuse(struct scan *s, const char *why)
{
    return refuse_at(s, FAIL_MALFORMED, s->at, s->at == s->end ? "the text ends too early" : why);
}

static void skip_space(struct scan *s)
{
    while (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t')
        s->at++;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* ---- strings ---- */

static bool decode(struct scan *s, const uint8_t *from, const uint8_t *end, struct text *ret)
{
    uint8_t *out = arena_take(s->arena, (size_t)(end - from));
    const char *why;
    *ret = (struct text){ (const char *)out, 0 };
    const uint8_t *bad = json_decode(from, end, out, &ret->bytes, &why);
    return bad == NULL || refuse_at(s, FAIL_MALFORMED, bad, why);
}

/* s->at is at the opening quote; afterwards behind the closing one. */
static bool scan_string(struct scan *s, struct text *ret)
{
    const uint8_t *from = ++s->at;
    bool escapes = false;
    for (;;) {
        uint8_t c = *s->at;
        if (c == '"')
            break;
        if (c == '\\') {
            escapes = true;
            s->at += s->at[1] == '\0' ? 1 : 2;
        } else if (c >= 0x80) {
            unsigned n = json_utf8_bytes(s->at);
            if (n == 0)
                return refuse(s, "not UTF-8");
            s->at += n;
        } else if (c < 0x20) {
            return refuse(s, "a control character in a string");
        } else {
            s->at++;
        }
    }
    const uint8_t *end = s->at++;
    if (escapes)
        return decode(s, from, end, ret);
    *ret = (struct text){ (const char *)from, (uint32_t)(end - from) };
    return true;
}

/* ---- numbers ---- */

/* The digits behind the point, as hundredths. */
static bool scan_fraction(struct scan *s, uint64_t *ret)
{
    *ret = 0;
    if (*s->at != '.')
        return true;
    s->at++;
    if (!is_digit(*s->at))
        return refuse(s, "a digit must follow the point");
    *ret = (uint64_t)(*s->at++ - '0') * 10;
    if (is_digit(*s->at))
        *ret += (uint64_t)(*s->at++ - '0');
    return !is_digit(*s->at) || refuse(s, "a number has two decimals at most");
}

static bool scan_number(struct scan *s, struct json *j)
{
    bool negative = *s->at == '-';
    s->at += negative;
    const uint8_t *first = s->at;
    uint64_t whole = 0, fraction;
    for (; is_digit(*s->at); s->at++) {
        if (s->at > first && *first == '0')
            return refuse(s, "a number does not start with 0");
        whole = whole * 10 + (uint64_t)(*s->at - '0');
        if (whole > WHOLE_MAX)
            return refuse(s, "a number too large");
    }
    if (s->at == first)
        return refuse(s, "not a value");
    if (!scan_fraction(s, &fraction))
        return false;
    if (*s->at == 'e' || *s->at == 'E')
        return refuse(s, "numbers with an exponent are not accepted");
    if (whole == WHOLE_MAX && fraction > 7)
        return refuse_at(s, FAIL_MALFORMED, first, "a number too large");
    int64_t hundredths = (int64_t)(whole * 100 + fraction);
    j->type = JSON_NUMBER;
    j->hundredths = negative ? -hundredths : hundredths;
    j->whole = fraction == 0;
    return true;
}

/* ---- keys ---- */

static bool same_key(struct scan *s, const struct node *second)
{
    return !refuse_at(s, FAIL_MALFORMED, s->start + second->key_byte, "a key for the second time");
}

static int compare_keys(const void *left, const void *right)
{
    const struct node *a = *(const struct node *const *)left, *b = *(const struct node *const *)right;
    uint32_t shorter = a->json.key.bytes < b->json.key.bytes ? a->json.key.bytes : b->json.key.bytes;
    int order = memcmp(a->json.key.at, b->json.key.at, shorter);
    if (order != 0)
        return order;
    if (a->json.key.bytes != b->json.key.bytes)
        return a->json.key.bytes < b->json.key.bytes ? -1 : 1;
    return a->key_byte < b->key_byte ? -1 : 1;
}

/* Sorted, because comparing all pairs of a hostile object would take the square of its keys. */
static bool has_twice_among_many(struct scan *s, const struct json *object)
{
    const struct node **sorted = ARENA_ARRAY(s->arena, const struct node *, object->count);
    uint32_t n = 0;
    for (const struct json *j = object->first; j; j = j->next)
        sorted[n++] = (const struct node *)j;
    qsort(sorted, n, sizeof *sorted, compare_keys);
    for (uint32_t i = 1; i < n; i++)
        if (text_equal(sorted[i - 1]->json.key, sorted[i]->json.key))
            return same_key(s, sorted[i]);
    return false;
}

static bool has_twice(struct scan *s, const struct json *object)
{
    if (object->count > FEW_KEYS)
        return has_twice_among_many(s, object);
    for (const struct json *a = object->first; a; a = a->next)
        for (const struct json *b = a->next; b; b = b->next)
            if (text_equal(a->key, b->key))
                return same_key(s, (const struct node *)b);
    return false;
}

/* ---- values ---- */

static bool scan_value(struct scan *s, struct json *j);

static bool scan_key(struct scan *s, struct node *child)
{
    child->key_byte = (uint32_t)(s->at - s->start);
    if (*s->at != '"')
        return refuse(s, "a key must be a string");
    if (!scan_string(s, &child->json.key))
        return false;
    skip_space(s);
    if (*s->at != ':')
        return refuse(s, "a colon must follow the key");
    s->at++;
    skip_space(s);
    return true;
}

static struct node *new_node(struct scan *s)
{
    if (s->nodes_left == 0) {
        refuse_at(s, FAIL_TOO_LARGE, s->at, "too many values");
        return NULL;
    }
    s->nodes_left--;
    return arena_take(s->arena, sizeof(struct node));
}

/* One element, or key and value; s->at is behind the bracket or comma. */
static bool scan_child(struct scan *s, struct json *parent, struct json **last)
{
    struct node *child = new_node(s);
    if (child == NULL || (parent->type == JSON_OBJECT && !scan_key(s, child)) || !scan_value(s, &child->json))
        return false;
    if (*last)
        (*last)->next = &child->json;
    else
        parent->first = &child->json;
    *last = &child->json;
    parent->count++;
    return true;
}

static bool scan_children(struct scan *s, struct json *j, uint8_t closing)
{
    struct json *last = NULL;
    s->at++;
    skip_space(s);
    if (*s->at == closing) {
        s->at++;
        return true;
    }
    for (;;) {
        if (!scan_child(s, j, &last))
            return false;
        skip_space(s);
        if (*s->at == closing)
            break;
        if (*s->at != ',')
            return refuse(s, "a comma or the end of the list or object must follow");
        s->at++;
        skip_space(s);
    }
    s->at++;
    return j->type != JSON_OBJECT || !has_twice(s, j);
}

static bool scan_nested(struct scan *s, struct json *j)
{
    if (s->depth_left == 0)
        return refuse_at(s, FAIL_TOO_LARGE, s->at, "nested too deeply");
    s->depth_left--;
    bool is_object = *s->at == '{';
    j->type = is_object ? JSON_OBJECT : JSON_ARRAY;
    bool ok = scan_children(s, j, is_object ? '}' : ']');
    s->depth_left++;
    return ok;
}

static bool scan_word(struct scan *s, const char *word, struct json *j, enum json_type type)
{
    /* strncmp stops at the NUL behind the text. */
    size_t bytes = strlen(word);
    if (strncmp((const char *)s->at, word, bytes) != 0)
        return refuse(s, "not a value");
    s->at += bytes;
    j->type = type;
    j->truth = word[0] == 't';
    return true;
}

static bool scan_value(struct scan *s, struct json *j)
{
    switch (*s->at) {
    case '{': case '[':
        return scan_nested(s, j);
    case '"':
        j->type = JSON_STRING;
        return scan_string(s, &j->string);
    case 't':
        return scan_word(s, "true", j, JSON_BOOL);
    case 'f':
        return scan_word(s, "false", j, JSON_BOOL);
    case 'n':
        return scan_word(s, "null", j, JSON_NULL);
    default:
        return scan_number(s, j);
    }
}

static bool scan_whole(struct scan *s, struct json **ret)
{
    skip_space(s);
    struct node *root = new_node(s);
    if (root == NULL || !scan_value(s, &root->json))
        return false;
    skip_space(s);
    if (s->at != s->end)
        return refuse(s, "something follows the value");
    *ret = &root->json;
    return true;
}

int json_scan(struct arena *arena, struct text t, const struct json_limits *limits, struct json **ret, struct json_error *ret_error)
{
    assert(limits->depth_max <= DEPTH_MAX && t.at[t.bytes] == '\0');
    const uint8_t *start = (const uint8_t *)t.at;
    struct scan s = { .start = start, .at = start, .end = start + t.bytes, .arena = arena,
        .depth_left = limits->depth_max, .nodes_left = limits->nodes_max };
    if (scan_whole(&s, ret))
        return 0;
    *ret_error = s.error;
    return s.failure;
}
