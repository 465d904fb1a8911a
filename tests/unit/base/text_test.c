/* GUIDs, Base32, slices, UTF-8: the small texts that everything else is made of. */
#include "base/base32.h"
#include "base/guid.h"
#include "base/network.h"
#include "base/slice.h"
#include "base/utf8.h"

#include "test.h"

static void a_guid_is_read_in_any_case_and_written_in_lower_case(void **state) {
    (void)state;
    struct guid guid;
    char text[GUID_TEXT_SIZE];
    assert_true(guid_parse(SLICE("9188040D-6C67-4c5b-b112-36a304b66dad"), &guid));
    assert_string_equal(guid_format(&guid, text), "9188040d-6c67-4c5b-b112-36a304b66dad");
}

static void what_is_not_a_guid_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "9188040d-6c67-4c5b-b112-36a304b66da",
        "9188040d-6c67-4c5b-b112-36a304b66dadd",
        "{9188040d-6c67-4c5b-b112-36a304b66dad}",
        "9188040d6c67-4c5b-b112-36a304b66dad-",
        "9188040g-6c67-4c5b-b112-36a304b66dad",
        "9188040d_6c67_4c5b_b112_36a304b66dad",
        "9188040d-6c67-4c5b-b112-36a304b66d d",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct guid guid;
        if (guid_parse(slice_from_string(texts[i]), &guid))
            fail_msg("accepted: %s", texts[i]);
    }
}

static void guids_carry_their_version_and_ordered_ones_begin_with_the_time(void **state) {
    (void)state;
    struct still_random random = still_random_make(0xFF);
    char text[GUID_TEXT_SIZE];
    struct guid made = guid_make_random(&random.source);
    assert_string_equal(guid_format(&made, text), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    made = guid_make_ordered(&random.source, instant_from_unix(1));
    assert_string_equal(guid_format(&made, text), "00000000-03e8-7fff-bfff-ffffffffffff");
}

static void base32_reads_what_it_writes_for_every_length(void **state) {
    (void)state;
    for (size_t size = 0; size <= 20; size++) {
        uint8_t bytes[20];
        uint8_t back[20] = {0};
        char text[BASE32_LENGTH(20) + 1];
        for (size_t i = 0; i < size; i++)
            bytes[i] = (uint8_t)(i * 37 + size * 101);
        base32_encode(bytes, size, text);
        assert_int_equal(strlen(text), BASE32_LENGTH(size));
        assert_true(base32_decode(slice_from_string(text), back, size));
        assert_memory_equal(bytes, back, size);
    }
}

static void base32_forgives_what_a_person_confuses_and_nothing_else(void **state) {
    (void)state;
    uint8_t a[5];
    uint8_t b[5];
    assert_true(base32_decode(SLICE("1100ABCD"), a, sizeof a));
    assert_true(base32_decode(SLICE("iLoOabcd"), b, sizeof b));
    assert_memory_equal(a, b, sizeof a);
    assert_false(base32_decode(SLICE("1100ABCU"), a, sizeof a));
    assert_false(base32_decode(SLICE("1100ABC"), a, sizeof a));
    assert_false(base32_decode(SLICE("1100ABCDE"), a, sizeof a));
    assert_false(base32_decode(SLICE("1100AB D"), a, sizeof a));
    assert_false(base32_decode(SLICE("1100AB\0D"), a, sizeof a));
    /* 26 characters hold 130 bits: the two that are left over must be zero, else one token would
     * have several spellings. */
    uint8_t block[16];
    assert_true(base32_decode(SLICE("00000000000000000000000004"), block, sizeof block));
    assert_false(base32_decode(SLICE("00000000000000000000000001"), block, sizeof block));
}

static void a_slice_is_cut_at_separators_until_nothing_is_left(void **state) {
    (void)state;
    struct slice rest = SLICE("a,,b,");
    struct slice head;
    static const char *const expected[] = {"a", "", "b", ""};
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(slice_cut(&rest, ',', &head));
        assert_slice(head, expected[i]);
    }
    assert_false(slice_cut(&rest, ',', &head));
}

static void numbers_are_bounded_and_nothing_but_digits(void **state) {
    (void)state;
    uint64_t value = 0;
    assert_true(slice_parse_unsigned(SLICE("18446744073709551615"), UINT64_MAX, &value));
    assert_true(value == UINT64_MAX);
    assert_false(slice_parse_unsigned(SLICE("18446744073709551616"), UINT64_MAX, &value));
    assert_true(slice_parse_unsigned(SLICE("999"), 999, &value));
    assert_false(slice_parse_unsigned(SLICE("1000"), 999, &value));
    assert_false(slice_parse_unsigned(SLICE("9"), 5, &value));
    assert_false(slice_parse_unsigned(SLICE(""), 999, &value));
    assert_false(slice_parse_unsigned(SLICE("-1"), 999, &value));
    assert_false(slice_parse_unsigned(SLICE(" 1"), 999, &value));
}

static void an_embedded_nul_byte_does_not_end_a_comparison(void **state) {
    (void)state;
    assert_false(slice_equals(SLICE("admin\0x"), SLICE("admin")));
    assert_false(slice_equals_string(SLICE("admin\0"), "admin"));
}

static void a_host_is_this_machine_by_name_or_by_address(void **state) {
    (void)state;
    static const char *const loopback[] = {"localhost", "LocalHost",         "127.0.0.1",
                                           "127.9.8.7", "[0:0:0:0:0:0:0:1]", "[::1]"};
    static const char *const others[] = {"",
                                         "localhost.example.org",
                                         "127.example.org",
                                         "128.0.0.1",
                                         "126.255.255.255",
                                         "127.1",
                                         "[localhost]",
                                         "[127.0.0.1]",
                                         "[::2]",
                                         "::1",
                                         "[",
                                         "[]",
                                         "0.0.0.0",
                                         "[::]",
                                         "[2001:db8::1]"};
    for (size_t i = 0; i < COUNT_OF(loopback); i++)
        assert_true(network_host_is_loopback(slice_from_string(loopback[i])));
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_false(network_host_is_loopback(slice_from_string(others[i])));
    assert_false(network_host_is_loopback((struct slice){"127.0.0.1\0", 10}));
}

static void utf8_is_checked_to_the_letter(void **state) {
    (void)state;
    assert_true(utf8_is_valid(SLICE("")));
    assert_true(utf8_is_valid(SLICE("plain, \xC3\xA4, \xE2\x82\xAC, \xF0\x9F\x98\x80")));
    assert_true(utf8_is_valid(SLICE("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF")));
    static const char *const broken[] = {
        "\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xC3",
        "\xE2\x82",
        "\xC3(",
        "\xFF",
    };
    for (size_t i = 0; i < COUNT_OF(broken); i++)
        assert_false(utf8_is_valid(slice_from_string(broken[i])));
}

/* ASCII is read a word at a time. */
static void utf8_is_checked_wherever_it_stands_in_a_word(void **state) {
    (void)state;
    char text[] = "abcdefghijklmnopqrstuvwxyz";
    struct slice whole = slice_from_string(text);
    assert_true(utf8_is_ascii(whole));
    for (size_t i = 0; i + 1 < whole.length; i++) {
        char before[2] = {text[i], text[i + 1]};
        text[i] = '\xC3';
        assert_false(utf8_is_valid(whole));
        assert_false(utf8_is_ascii(whole));
        text[i + 1] = '\xA4';
        assert_true(utf8_is_valid(whole));
        text[i] = before[0];
        assert_false(utf8_is_valid(whole));
        assert_false(utf8_is_ascii(whole));
        text[i + 1] = before[1];
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guid_is_read_in_any_case_and_written_in_lower_case),
        cmocka_unit_test(what_is_not_a_guid_is_refused),
        cmocka_unit_test(guids_carry_their_version_and_ordered_ones_begin_with_the_time),
        cmocka_unit_test(base32_reads_what_it_writes_for_every_length),
        cmocka_unit_test(base32_forgives_what_a_person_confuses_and_nothing_else),
        cmocka_unit_test(a_slice_is_cut_at_separators_until_nothing_is_left),
        cmocka_unit_test(numbers_are_bounded_and_nothing_but_digits),
        cmocka_unit_test(an_embedded_nul_byte_does_not_end_a_comparison),
        cmocka_unit_test(a_host_is_this_machine_by_name_or_by_address),
        cmocka_unit_test(utf8_is_checked_to_the_letter),
        cmocka_unit_test(utf8_is_checked_wherever_it_stands_in_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
