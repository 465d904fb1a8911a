/* muster token sheet: a page of labels to print, each with the QR code of a profile's live token.
 */
#ifndef MUSTER_CLI_TOKEN_SHEET_H
#define MUSTER_CLI_TOKEN_SHEET_H

#include <jansson.h>

#include "cli/verb.h"

/* Writes the page of flags->html with flags->copies labels of the profile as Graph shows it, which
 * has a live token. COMMAND_DONE, or what is wrong on standard error and the exit code. */
int token_sheet_write(const struct verb_flags *flags, const json_t *profile);

#endif
