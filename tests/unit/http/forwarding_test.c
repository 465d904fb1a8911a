/* What proxies say of the client, and who is believed. */
#include "http/forwarding.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "http/test_server.h"
#include "test.h"

#define NETWORKS_AT_MOST 4

struct trusted {
    struct network networks[NETWORKS_AT_MOST];
    struct http_proxies proxies;
};

static void trust(struct trusted *trusted, const char *const *texts, size_t count) {
    *trusted = (struct trusted){.proxies = {.networks = trusted->networks, .count = count}};
    for (size_t i = 0; i < count; i++)
        assert_true(network_parse(slice_from_string(texts[i]), &trusted->networks[i]));
}

static const char *const usual[] = {"10.0.0.0/8", "2001:db8:7::/48", "192.0.2.1"};

static void networks_are_read_to_the_bit(void **state) {
    (void)state;
    static const struct {
        const char *network;
        const char *inside;
        const char *outside;
    } cases[] = {
        {"10.0.0.0/8", "10.255.255.255", "11.0.0.0"},
        {"192.168.7.128/25", "192.168.7.128", "192.168.7.127"},
        {"192.0.2.7", "192.0.2.7", "192.0.2.6"},
        {"192.0.2.7/32", "::ffff:192.0.2.7", "192.0.2.6"},
        {"0.0.0.0/0", "255.0.0.1", "2001:db8::1"},
        {"2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"},
        {"::1", "::1", "::2"},
        {"::ffff:10.0.0.0/104", "10.1.2.3", "11.1.2.3"},
    };
    static const char *const bad[] = {
        "",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0/8",
        "10.0.0.0/",
        "::/129",
        "10.0.0.0/a",
        "[::1]",
        "::1%lo",
        "10.0.0.0/8/8",
        "example.com",
        " 10.0.0.1",
        "10.0.0.0/-1",
        "010.0.0.1",
        "2001:db8::1/32",
        "10.0.0.0 /8",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct network network;
        struct network_address inside;
        struct network_address outside;
        assert_true(network_parse(slice_from_string(cases[i].network), &network));
        assert_true(network_address_parse(slice_from_string(cases[i].inside), &inside));
        assert_true(network_address_parse(slice_from_string(cases[i].outside), &outside));
        if (!network_has(&network, &inside) || network_has(&network, &outside))
            fail_msg("%s is not told from %s", cases[i].inside, cases[i].outside);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct network network;
        if (network_parse(slice_from_string(bad[i]), &network))
            fail_msg("accepted: %s", bad[i]);
    }
}

static void the_first_address_from_the_right_that_is_no_proxy_is_the_client(void **state) {
    (void)state;
    static const struct {
        const char *first; /* header */
        const char *second;
        const char *peer;
    } cases[] = {
        {"203.0.113.9", NULL, "203.0.113.9"},
        {"198.51.100.1, 203.0.113.9", NULL, "203.0.113.9"},
        {"198.51.100.1, 203.0.113.9 , 10.1.1.1,192.0.2.1", NULL, "203.0.113.9"},
        {"198.51.100.1, 203.0.113.9", "10.1.1.1", "203.0.113.9"},
        {"203.0.113.9", "198.51.100.1", "198.51.100.1"},
        {"203.0.113.9:4711", NULL, "203.0.113.9"},
        {"[2001:DB8:8::1]:4711", NULL, "2001:db8:8::1"},
        {"2001:db8:8:0::1", NULL, "2001:db8:8::1"},
        {"::ffff:203.0.113.9, 2001:db8:7::1", NULL, "203.0.113.9"},
        {"10.0.0.9, 10.1.1.1", NULL, "10.0.0.9"},
        {"203.0.113.9, unknown, 10.1.1.1", NULL, "10.1.1.1"},
        {"203.0.113.9, unknown", NULL, "before"},
        {"203.0.113.9,", NULL, "before"},
        {"", NULL, "before"},
        {"[203.0.113.9", NULL, "before"},
        {"203.0.113.9\t evil", NULL, "before"},
    };
    struct trusted trusted;
    trust(&trusted, usual, COUNT_OF(usual));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[NETWORK_ADDRESS_TEXT_SIZE];
        const struct header headers[] = {
            {SLICE("x-forwarded-for"), slice_from_string(cases[i].first)},
            {SLICE("X-Forwarded-For"), slice_from_string(cases[i].second)},
        };
        struct request request = {.headers = headers,
                                  .header_count = cases[i].second == NULL ? 1 : 2,
                                  .peer = SLICE("before")};
        http_forwarding_apply(&trusted.proxies, &request, text);
        if (!slice_equals_string(request.peer, cases[i].peer))
            fail_msg("%s: %.*s instead of %s", cases[i].first, SLICE_PRINTF(request.peer),
                     cases[i].peer);
    }
}

static void the_last_proxy_says_scheme_and_host(void **state) {
    (void)state;
    static const struct {
        const char *proto;
        const char *host;
        bool secure; /* it was before */
        bool secure_after;
        const char *host_after;
    } cases[] = {
        {"https", "muster.example.com", false, true, "muster.example.com"},
        {"http", "muster.example.com:8443", true, false, "muster.example.com:8443"},
        {"HTTPS", "evil.example, muster.example.com", false, true, "muster.example.com"},
        {"https, http", "[2001:db8::1]:80", true, false, "[2001:db8::1]:80"},
        {"ftp", "a/b", true, true, "before"},
        {"", "", false, false, "before"},
        {"https,", "a b", false, false, "before"},
    };
    struct trusted trusted;
    trust(&trusted, usual, COUNT_OF(usual));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[NETWORK_ADDRESS_TEXT_SIZE];
        const struct header headers[] = {
            {SLICE("X-Forwarded-Proto"), slice_from_string(cases[i].proto)},
            {SLICE("X-Forwarded-Host"), slice_from_string(cases[i].host)},
        };
        struct request request = {.headers = headers,
                                  .header_count = 2,
                                  .host = SLICE("before"),
                                  .secure = cases[i].secure};
        http_forwarding_apply(&trusted.proxies, &request, text);
        assert_int_equal(request.secure, cases[i].secure_after);
        assert_slice(request.host, cases[i].host_after);
    }
}

static void only_who_is_named_is_a_proxy(void **state) {
    (void)state;
    struct trusted trusted;
    trust(&trusted, usual, COUNT_OF(usual));
    assert_true(http_proxies_have(&trusted.proxies, SLICE("10.1.2.3")));
    assert_true(http_proxies_have(&trusted.proxies, SLICE("2001:db8:7::9")));
    assert_false(http_proxies_have(&trusted.proxies, SLICE("127.0.0.1")));
    assert_false(http_proxies_have(&trusted.proxies, SLICE("local")));
    assert_false(http_proxies_have(&trusted.proxies, SLICE("")));
    assert_false(http_proxies_have(NULL, SLICE("10.1.2.3")));
    const struct http_proxies local = {.local = true};
    assert_true(http_proxies_have(&local, SLICE("local")));
    assert_false(http_proxies_have(&local, SLICE("127.0.0.1")));
}

static void ask(struct test_server *server, const char *request, const char *const *expected,
                size_t count) {
    struct test_response response;
    int client = test_connect(server);
    test_send_text(client, request);
    test_read_response(client, false, &response);
    assert_int_equal(response.status, 200);
    for (size_t i = 0; i < count; i++) {
        if (strstr(response.head, expected[i]) == NULL &&
            strstr(response.body, expected[i]) == NULL)
            fail_msg("\"%s\" is not in: %s%s", expected[i], response.head, response.body);
    }
    test_response_free(&response);
    (void)shutdown(client, SHUT_WR);
    test_expect_end(client);
}

static const char forwarded[] = "GET /a HTTP/1.1\r\nHost: inside:8080\r\n"
                                "Connection: close\r\n"
                                "X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n"
                                "X-Forwarded-Proto: https\r\n"
                                "X-Forwarded-Host: muster.example.com\r\n\r\n";

static void a_trusted_connection_is_asked_for_another(void **state) {
    (void)state;
    static const char *const loopback[] = {"127.0.0.0/8"};
    static const char *const expected[] = {"GET /a? muster.example.com []", "X-Secure: yes\r\n",
                                           "X-Peer: 203.0.113.9\r\n",
                                           "Strict-Transport-Security: "};
    struct trusted trusted;
    trust(&trusted, loopback, COUNT_OF(loopback));
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start_behind(&limits, 1, NULL, NULL, &trusted.proxies);
    ask(server, forwarded, expected, COUNT_OF(expected));
    char *log = test_server_read_log(server);
    assert_non_null(strstr(log, "peer=203.0.113.9"));
    free(log);
    test_server_end(server);
}

static void anybody_else_is_not_listened_to(void **state) {
    (void)state;
    static const char *const expected[] = {"GET /a? inside:8080 []", "X-Secure: no\r\n",
                                           "X-Peer: 127.0.0.1\r\n"};
    struct trusted trusted;
    trust(&trusted, usual, COUNT_OF(usual));
    const struct http_proxies *const others[] = {NULL, &trusted.proxies};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct http_limits limits = test_limits();
        struct test_server *server = test_server_start_behind(&limits, 1, NULL, NULL, others[i]);
        ask(server, forwarded, expected, COUNT_OF(expected));
        test_server_end(server);
    }
}

static void a_request_without_host_asks_the_address_it_came_to(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    char expected[HTTP_ADDRESS_TEXT_SIZE + 32];
    const char *const texts[] = {expected};
    (void)snprintf(expected, sizeof expected, "GET /a? %s []", server->address);
    ask(server, "GET /a HTTP/1.0\r\n\r\n", texts, 1);
    ask(server, "GET /a HTTP/1.1\r\nHost:\r\n\r\n", texts, 1);
    ask(server, "GET /a HTTP/1.0\r\nHost: named\r\n\r\n", (const char *const[]){"GET /a? named []"},
        1);
    test_server_end(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_are_read_to_the_bit),
        cmocka_unit_test(the_first_address_from_the_right_that_is_no_proxy_is_the_client),
        cmocka_unit_test(the_last_proxy_says_scheme_and_host),
        cmocka_unit_test(only_who_is_named_is_a_proxy),
        cmocka_unit_test(a_trusted_connection_is_asked_for_another),
        cmocka_unit_test(anybody_else_is_not_listened_to),
        cmocka_unit_test(a_request_without_host_asks_the_address_it_came_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
