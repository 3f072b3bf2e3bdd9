/* Why something is refused, in the reader's language: rows of sentences.def. */
#ifndef EVENTS_SENTENCES_H
#define EVENTS_SENTENCES_H

#include <stdbool.h>

#define SENTENCE_BYTES 2048
/* What was said in English, in the language wanted: `english` itself, or text in `out`, cut when it does not fit. A sentence that has
 * no row stays as it is. */
const char *sentence_said(const char *english, bool french, char out[SENTENCE_BYTES]);

/* For those who walk them. */
unsigned sentence_count(void);
const char *sentence_at(unsigned index, bool french);

#endif
