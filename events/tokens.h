/* Bearer tokens: "plie-ROLE-" then 52 characters (256 random bits) then "-" and 6 of checksum, so that a token is
 * recognised when it leaks and a mistyped one is told from an unknown one. Only the hash is stored. */
#ifndef EVENTS_TOKENS_H
#define EVENTS_TOKENS_H

#include "event.h"
#include "roles.h"
#include "vault.h"

#define TOKEN_TEXT_BYTES 96
#define SECRET_CHARACTERS 52
/* 256 random bits as 52 characters of a-z (without i, l, o, u) and 0-9, and a zero byte. */
void secret_make(char out[SECRET_CHARACTERS + 1]);

/* So many characters of 5 bits each, of the alphabet of tokens, and the end; bits beyond the bytes are 0. */
void token_characters(const uint8_t *bytes, size_t byte_count, unsigned characters, char *out);

/* Makes a token for the role; `number` is its owner's (a referent's stream). The vault keeps it after vault_commit. */
int token_make(struct vault *, enum role, uint64_t number, char out[TOKEN_TEXT_BYTES]);

enum token_fault { TOKEN_GOOD, TOKEN_SHAPE, TOKEN_UNKNOWN, TOKEN_EXPIRED };
/* `text` without "Bearer ". */
enum token_fault token_read(struct vault *, struct text, int64_t now_ms, struct actor *ret_actor);

#endif
