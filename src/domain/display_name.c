#include "domain/display_name.h"

#include "base/utf8.h"

struct range {
    uint32_t first;
    uint32_t last;
};

static const struct range unseen[] = {
    {0x0000, 0x0020},   /* C0 controls, space */
    {0x007F, 0x00A0},   /* C1 controls, no-break space */
    {0x00AD, 0x00AD},   /* soft hyphen */
    {0x034F, 0x034F},   /* combining grapheme joiner */
    {0x061C, 0x061C},   /* Arabic letter mark */
    {0x115F, 0x1160},   /* Hangul fillers */
    {0x1680, 0x1680},   /* Ogham space */
    {0x17B4, 0x17B5},   /* Khmer inherent vowels */
    {0x180B, 0x180F},   /* Mongolian selectors and separator */
    {0x2000, 0x200F},   /* spaces of all widths, zero width included, and direction marks */
    {0x2028, 0x202F},   /* separators, directions, narrow no-break space */
    {0x205F, 0x206F},   /* mathematical space, invisible operators, directions */
    {0x2800, 0x2800},   /* Braille pattern without dots */
    {0x3000, 0x3000},   /* ideographic space */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xFE00, 0xFE0F},   /* variation selectors */
    {0xFEFF, 0xFEFF},   /* zero width no-break space */
    {0xFFA0, 0xFFA0},   /* halfwidth Hangul filler */
    {0xE0000, 0xE0FFF}, /* tags and more variation selectors */
};

static bool is_unseen(uint32_t code_point) {
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
        if (code_point >= unseen[i].first && code_point <= unseen[i].last)
            return true;
    }
    return false;
}

bool display_name_is_blank(struct slice name) {
    while (name.length > 0) {
        if (!is_unseen(utf8_cut(&name)))
            return false;
    }
    return true;
}

uint32_t display_name_find_control(struct slice name) {
    while (name.length > 0) {
        uint32_t code_point = utf8_cut(&name);
        if (code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F))
            return code_point;
    }
    return 0;
}
