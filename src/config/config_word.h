/* Names of sections and lists in values. Shared by the files of this folder only. */
#ifndef MUSTER_CONFIG_CONFIG_WORD_H
#define MUSTER_CONFIG_CONFIG_WORD_H

#include <stdbool.h>

#include "base/slice.h"

#define CONFIG_NAME_LENGTH_AT_MOST 64

/* Whether it can name an issuer or a webhook: letters, digits, '.', '_' and '-'. */
bool config_name_is_valid(const char *name);

/* Cuts the next word off a list parted by blanks or commas; false when there is none. */
bool config_next_word(struct slice *rest, struct slice *word);

#endif
