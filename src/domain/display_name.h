/* What a name that people read on a screen may be made of. Texts must be valid UTF-8. Any thread.
 */
#ifndef MUSTER_DOMAIN_DISPLAY_NAME_H
#define MUSTER_DOMAIN_DISPLAY_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Whether nobody would see anything: the text is empty, or nothing but blanks of Unicode (its
 * White_Space) and characters that take no room or have no shape. */
bool display_name_is_blank(struct slice name);

/* The first control character (Unicode's Cc: U+0001 to U+001F, U+007F to U+009F), or 0 when there
 * is none. A name with one breaks tables, terminals and labels. */
uint32_t display_name_find_control(struct slice name);

#endif
