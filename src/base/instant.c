#include "base/instant.h"

#include <stddef.h>
#include <time.h>

#define SECONDS_PER_DAY INT64_C(86400)
#define TICKS_PER_NANOSECOND_DIVISOR 100

static instant read_system_clock(const struct clock *clock) {
    (void)clock;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return INSTANT_NEVER;
    return INSTANT_UNIX_EPOCH + (int64_t)now.tv_sec * INSTANT_TICKS_PER_SECOND +
           now.tv_nsec / TICKS_PER_NANOSECOND_DIVISOR;
}

const struct clock system_clock = {.now = read_system_clock};

instant instant_add_seconds(instant start, int64_t seconds) {
    int64_t ticks = 0;
    int64_t sum = 0;
    if (__builtin_mul_overflow(seconds, INSTANT_TICKS_PER_SECOND, &ticks) ||
        __builtin_add_overflow(start, ticks, &sum))
        return seconds < 0 ? INSTANT_NEVER : INSTANT_LAST;
    if (sum < INSTANT_NEVER)
        return INSTANT_NEVER;
    return sum > INSTANT_LAST ? INSTANT_LAST : sum;
}

int64_t instant_to_unix(instant value) {
    int64_t ticks = value - INSTANT_UNIX_EPOCH;
    int64_t seconds = ticks / INSTANT_TICKS_PER_SECOND;
    return ticks % INSTANT_TICKS_PER_SECOND < 0 ? seconds - 1 : seconds;
}

instant instant_from_unix(int64_t seconds) {
    return instant_add_seconds(INSTANT_UNIX_EPOCH, seconds);
}

/* Days since 0001-01-01 to a civil date and back: Howard Hinnant's algorithms, "chrono-Compatible
 * Low-Level Date Algorithms", with years that begin in March. */
#define DAYS_PER_ERA INT64_C(146097)
#define DAYS_FROM_MARCH_OF_YEAR_ZERO INT64_C(306)

struct civil_date {
    int64_t year;
    int64_t month; /* 1 to 12 */
    int64_t day;   /* 1 to 31 */
};

static struct civil_date civil_from_days(uint32_t days) {
    days += (uint32_t)DAYS_FROM_MARCH_OF_YEAR_ZERO;
    uint32_t era = days / (uint32_t)DAYS_PER_ERA;
    uint32_t day_of_era = days % (uint32_t)DAYS_PER_ERA;
    uint32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t shifted_month = (5 * day_of_year + 2) / 153;
    uint32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    return (struct civil_date){
        .year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = day_of_year - (153 * shifted_month + 2) / 5 + 1,
    };
}

static int64_t days_from_civil(struct civil_date date) {
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = year / 400;
    int64_t year_of_era = year % 400;
    int64_t shifted_month = date.month > 2 ? date.month - 3 : date.month + 9;
    int64_t day_of_year = (153 * shifted_month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_FROM_MARCH_OF_YEAR_ZERO;
}

/* value is below 100. */
static char *put_two_digits(char *at, uint32_t value) {
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

/* Seven decimals without the zeros at their end. */
static char *put_fraction(char *at, uint32_t ticks) {
    *at++ = '.';
    at = put_two_digits(at, ticks / 100000);
    at = put_two_digits(at, ticks / 1000 % 100);
    at = put_two_digits(at, ticks / 10 % 100);
    *at++ = (char)('0' + ticks % 10);
    while (at[-1] == '0')
        at--;
    return at;
}

char *instant_format(instant value, char text[static INSTANT_TEXT_SIZE]) {
    if (value < INSTANT_NEVER)
        value = INSTANT_NEVER;
    if (value > INSTANT_LAST)
        value = INSTANT_LAST;
    uint32_t fraction = (uint32_t)(value % INSTANT_TICKS_PER_SECOND);
    int64_t seconds = value / INSTANT_TICKS_PER_SECOND;
    struct civil_date date = civil_from_days((uint32_t)(seconds / SECONDS_PER_DAY));
    uint32_t of_day = (uint32_t)(seconds % SECONDS_PER_DAY);
    char *at = put_two_digits(text, (uint32_t)date.year / 100);
    at = put_two_digits(at, (uint32_t)date.year % 100);
    *at++ = '-';
    at = put_two_digits(at, (uint32_t)date.month);
    *at++ = '-';
    at = put_two_digits(at, (uint32_t)date.day);
    *at++ = 'T';
    at = put_two_digits(at, of_day / 3600);
    *at++ = ':';
    at = put_two_digits(at, of_day / 60 % 60);
    *at++ = ':';
    at = put_two_digits(at, of_day % 60);
    if (fraction > 0)
        at = put_fraction(at, fraction);
    *at++ = 'Z';
    *at = '\0';
    return text;
}

static bool take_digits(struct slice *rest, size_t count, int64_t *value) {
    uint64_t number = 0;
    if (rest->length < count ||
        !slice_parse_unsigned((struct slice){rest->data, count}, 9999, &number))
        return false;
    *value = (int64_t)number;
    *rest = slice_skip(*rest, count);
    return true;
}

static bool take_letter(struct slice *rest, char letter) {
    if (rest->length == 0 || (rest->data[0] != letter && rest->data[0] != (char)(letter | 0x20)))
        return false;
    *rest = slice_skip(*rest, 1);
    return true;
}

static bool is_leap(int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool take_date(struct slice *rest, struct civil_date *date) {
    static const int64_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!take_digits(rest, 4, &date->year) || !take_letter(rest, '-') ||
        !take_digits(rest, 2, &date->month) || !take_letter(rest, '-') ||
        !take_digits(rest, 2, &date->day))
        return false;
    if (date->year < 1 || date->month < 1 || date->month > 12 || date->day < 1)
        return false;
    int64_t length = lengths[date->month - 1] + (date->month == 2 && is_leap(date->year) ? 1 : 0);
    return date->day <= length;
}

/* Past the seventh decimal there is no tick to hold it; twelve is OData's limit. */
static bool take_fraction(struct slice *rest, int64_t *ticks) {
    *ticks = 0;
    if (!take_letter(rest, '.'))
        return true;
    int64_t unit = INSTANT_TICKS_PER_SECOND / 10;
    size_t count = 0;
    while (rest->length > 0 && rest->data[0] >= '0' && rest->data[0] <= '9' && count < 12) {
        *ticks += (rest->data[0] - '0') * unit;
        unit /= 10;
        *rest = slice_skip(*rest, 1);
        count++;
    }
    return count > 0;
}

static bool take_time(struct slice *rest, int64_t *seconds, int64_t *ticks) {
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    *ticks = 0;
    if (!take_digits(rest, 2, &hour) || !take_letter(rest, ':') || !take_digits(rest, 2, &minute))
        return false;
    if (take_letter(rest, ':') && (!take_digits(rest, 2, &second) || !take_fraction(rest, ticks)))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

static bool take_offset(struct slice *rest, int64_t *seconds) {
    *seconds = 0;
    if (take_letter(rest, 'Z'))
        return true;
    if (rest->length == 0 || (rest->data[0] != '+' && rest->data[0] != '-'))
        return false;
    int64_t sign = rest->data[0] == '-' ? -1 : 1;
    *rest = slice_skip(*rest, 1);
    int64_t hour = 0;
    int64_t minute = 0;
    if (!take_digits(rest, 2, &hour) || !take_letter(rest, ':') || !take_digits(rest, 2, &minute) ||
        hour > 23 || minute > 59)
        return false;
    *seconds = sign * (hour * 3600 + minute * 60);
    return true;
}

bool instant_parse(struct slice text, instant *value) {
    struct civil_date date;
    int64_t seconds = 0;
    int64_t ticks = 0;
    int64_t offset = 0;
    if (!take_date(&text, &date) || !take_letter(&text, 'T') ||
        !take_time(&text, &seconds, &ticks) || !take_offset(&text, &offset) || text.length > 0)
        return false;
    int64_t total = days_from_civil(date) * SECONDS_PER_DAY + seconds - offset;
    int64_t result = total * INSTANT_TICKS_PER_SECOND + ticks;
    if (result < INSTANT_NEVER || result > INSTANT_LAST)
        return false;
    *value = result;
    return true;
}
