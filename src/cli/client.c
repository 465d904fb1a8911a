#include "cli/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "cli/commands.h"
#include "cli/output.h"

#define DEFAULT_URL "http://127.0.0.1:8080"
#define TOKEN_BYTES_AT_MOST 16384
#define ANSWER_BYTES_AT_MOST (64U * 1024U * 1024U)
#define CONNECT_TIMEOUT_SECONDS 10L
#define TOTAL_TIMEOUT_SECONDS 60L

static struct error read_token_file(struct client *client, const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_make(ERROR_INVALID, "%s: the bearer token cannot be read: %s", path,
                          strerror(errno));
    char token[TOKEN_BYTES_AT_MOST + 2];
    size_t length = fread(token, 1, sizeof token, file);
    (void)fclose(file);
    while (length > 0 && strchr(" \t\r\n", token[length - 1]) != NULL)
        length--;
    struct error error = error_none();
    if (length == 0 || length > TOKEN_BYTES_AT_MOST)
        error = error_make(ERROR_INVALID, "%s: not a bearer token of 1 to %d bytes", path,
                           TOKEN_BYTES_AT_MOST);
    else
        client->authorization =
            arena_format(&client->arena, "Authorization: Bearer %.*s", (int)length, token);
    OPENSSL_cleanse(token, sizeof token);
    return error;
}

struct error client_open(struct client *client, const struct client_options *options) {
    *client = (struct client){0};
    const char *url = options->url != NULL ? options->url : getenv("MUSTER_URL");
    struct slice trimmed = slice_from_string(url == NULL ? DEFAULT_URL : url);
    while (slice_ends_with(trimmed, SLICE("/")))
        trimmed.length--;
    client->url = arena_copy(&client->arena, trimmed).data;
    if (strncmp(client->url, "http://", 7) != 0 && strncmp(client->url, "https://", 8) != 0)
        return error_make(ERROR_INVALID, "'%s' is not an address such as https://muster.example",
                          client->url);
    client->ca_file = options->ca_file != NULL ? options->ca_file : getenv("MUSTER_CA_FILE");
    if (options->token_file != NULL)
        return read_token_file(client, options->token_file);
    const char *token = getenv("MUSTER_TOKEN");
    if (token == NULL || *token == '\0')
        return error_make(ERROR_INVALID, "there is no bearer token: set MUSTER_TOKEN or give "
                                         "--token-file");
    client->authorization = arena_format(&client->arena, "Authorization: Bearer %s", token);
    return error_none();
}

void client_open_socket(struct client *client, const char *data_directory) {
    *client = (struct client){0};
    client->url = "http://localhost";
    client->socket = arena_format(&client->arena, "%s/admin.sock", data_directory).data;
}

void client_close(struct client *client) {
    if (client->authorization.length > 0)
        OPENSSL_cleanse((char *)client->authorization.data, client->authorization.length);
    arena_free(&client->arena);
}

static size_t take_body(char *data, size_t size, size_t count, void *user) {
    struct buffer *answer = user;
    if (answer->length + size * count > ANSWER_BYTES_AT_MOST)
        return 0;
    buffer_append(answer, data, size * count);
    return size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *user) {
    static const char name[] = "request-id:";
    struct client_response *response = user;
    size_t length = size * count;
    if (length > sizeof name && strncasecmp(data, name, sizeof name - 1) == 0) {
        struct slice value = {data + sizeof name - 1, length - (sizeof name - 1)};
        while (value.length > 0 && (unsigned char)value.data[value.length - 1] <= ' ')
            value.length--;
        (void)snprintf(response->request_id, sizeof response->request_id, "%.*s",
                       SLICE_PRINTF(slice_trim(value)));
    }
    return length;
}

static void configure(CURL *curl, struct client *client, const char *method, const char *url,
                      const char *body, struct curl_slist *headers, struct buffer *answer,
                      struct client_response *response) {
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, TOTAL_TIMEOUT_SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "muster/" MUSTER_VERSION);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, response);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (client->socket != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, client->socket);
    if (client->ca_file != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, client->ca_file);
    if (body != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
}

static int report_refusal(const struct client_response *response) {
    const json_t *error = json_object_get(response->body, "error");
    const char *message = json_string_value(json_object_get(error, "message"));
    const char *code = json_string_value(json_object_get(error, "code"));
    (void)fputs("muster: ", stderr);
    output_print_text(stderr, message == NULL ? "the server refused" : message);
    (void)fprintf(stderr, " (%ld ", response->status);
    output_print_text(stderr, code == NULL ? "without a code" : code);
    (void)fputs(", request-id ", stderr);
    output_print_text(stderr, response->request_id);
    (void)fputs(")\n", stderr);
    return COMMAND_FAILED;
}

static int report_unreachable(const struct client *client, CURLcode code) {
    (void)fprintf(stderr, "muster: %s cannot be reached: %s\n",
                  client->socket != NULL ? client->socket : client->url, curl_easy_strerror(code));
    return COMMAND_UNREACHABLE;
}

static int perform(struct client *client, CURL *curl, struct buffer *answer,
                   struct client_response *response) {
    CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK)
        return report_unreachable(client, code);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response->status);
    if (answer->length > 0)
        response->body = json_loadb(answer->data, answer->length, 0, NULL);
    return response->status >= 400 ? report_refusal(response) : COMMAND_DONE;
}

int client_request(struct client *client, const char *method, const char *path, const json_t *body,
                   struct client_response *response) {
    *response = (struct client_response){0};
    const char *url = strncmp(path, client->url, strlen(client->url)) == 0
                          ? path
                          : arena_format(&client->arena, "%s%s", client->url, path).data;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    struct buffer answer = {0};
    if (text != NULL)
        headers = curl_slist_append(headers, "Content-Type: application/json");
    if (client->prefer != NULL)
        headers = curl_slist_append(headers, client->prefer);
    if (client->authorization.length > 0)
        headers = curl_slist_append(headers, client->authorization.data);
    int result = COMMAND_FAILED;
    if (curl != NULL && headers != NULL) {
        configure(curl, client, method, url, text, headers, &answer, response);
        result = perform(client, curl, &answer, response);
    }
    buffer_free(&answer);
    free(text);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return result;
}
