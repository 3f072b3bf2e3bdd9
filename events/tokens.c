/* Tokens made and read. */
#include "tokens.h"

#include <stdio.h>
#include <string.h>

#define SECRET_BYTES 32
#define CHECK_CHARACTERS 6

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

void token_characters(const uint8_t *bytes, size_t byte_count, unsigned characters, char *out)
{
    for (unsigned i = 0; i < characters; i++) {
        unsigned value = 0;
        for (unsigned b = 0; b < 5; b++) {
            unsigned bit = i * 5 + b;
            value = value << 1 | (bit / 8 < byte_count ? bytes[bit / 8] >> (7 - bit % 8) & 1u : 0);
        }
        out[i] = alphabet[value];
    }
    out[characters] = 0;
}

static void checksum(const char *text, size_t bytes, char out[CHECK_CHARACTERS + 1])
{
    struct hash h = chain_hash(text, bytes);
    token_characters(h.at, HASH_BYTES, CHECK_CHARACTERS, out);
}

void secret_make(char out[SECRET_CHARACTERS + 1])
{
    uint8_t secret[SECRET_BYTES];
    chain_random(secret, sizeof(secret));
    token_characters(secret, sizeof(secret), SECRET_CHARACTERS, out);
}

int token_make(struct vault *vault, enum role role, uint64_t number, char out[TOKEN_TEXT_BYTES])
{
    char characters[SECRET_CHARACTERS + 1], check[CHECK_CHARACTERS + 1];
    struct token token = { .role = (uint8_t)role, .number = number };
    secret_make(characters);
    int n = snprintf(out, TOKEN_TEXT_BYTES, "plie-%s-%s", role_name(role), characters);
    checksum(out, (size_t)n, check);
    snprintf(out + n, TOKEN_TEXT_BYTES - (size_t)n, "-%s", check);
    struct hash h = chain_hash(out, strlen(out));
    memcpy(token.hash, h.at, HASH_BYTES);
    return vault_token_add(vault, &token);
}

static bool well_shaped(struct text t)
{
    char check[CHECK_CHARACTERS + 1];
    if (t.bytes < SECRET_CHARACTERS + CHECK_CHARACTERS + 8 || t.bytes >= TOKEN_TEXT_BYTES || memcmp(t.at, "plie-", 5) != 0)
        return false;
    size_t body = t.bytes - CHECK_CHARACTERS - 1;
    checksum(t.at, body, check);
    return t.at[body] == '-' && memcmp(t.at + body + 1, check, CHECK_CHARACTERS) == 0;
}

enum token_fault token_read(struct vault *vault, struct text t, int64_t now_ms, struct actor *ret_actor)
{
    struct token token;
    if (!well_shaped(t))
        return TOKEN_SHAPE;
    struct hash h = chain_hash(t.at, t.bytes);
    if (!vault_token(vault, h.at, &token) || token.revoked)
        return TOKEN_UNKNOWN;
    if (token.expires_ms && token.expires_ms <= now_ms)
        return TOKEN_EXPIRED;
    *ret_actor = actor_of(token.role, token.number);
    return TOKEN_GOOD;
}
