/* `muster token show` with a QR code: in the terminal, as a file, or the payload alone. */
#ifndef MUSTER_CLI_TOKEN_CODE_H
#define MUSTER_CLI_TOKEN_CODE_H

#include <jansson.h>
#include <stdbool.h>

#include "cli/verb.h"

/* Whether any of --qr, --png, --svg and --format was given. */
bool token_code_is_wanted(const struct verb_flags *flags);

/* Does what the flags ask with a profile's qrCodeContent and annotations. Files are for their owner
 * alone and appear whole. Returns one of enum command_exit and says what failed. */
int token_code_write(const struct verb_flags *flags, const json_t *profile);

/* Says that the profile has no code, and who has to act. Returns COMMAND_FAILED. */
int token_code_report_none(void);

#endif
