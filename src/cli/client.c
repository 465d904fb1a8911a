#include "cli/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buffer.h"
#include "cli/commands.h"
#include "cli/output.h"

#define DEFAULT_URL "http://127.0.0.1:8080"
#define TOKEN_BYTES_AT_MOST 16384
#define ANSWER_BYTES_AT_MOST (64U * 1024U * 1024U)
#define CONNECT_TIMEOUT_SECONDS 10L
#define TOTAL_TIMEOUT_SECONDS 60L
#define STATUS_TOO_MANY_REQUESTS 429L
#define THROTTLED_TRIES_AT_MOST 3
#define THROTTLED_WAIT_SECONDS_AT_MOST 60

/* A variable that is empty is not set. */
static const char *find_variable(const char *name) {
    const char *text = getenv(name);
    return text == NULL || *text == '\0' ? NULL : text;
}

/* Visible ASCII only: anything else could end the header's line. Messages never repeat it. */
static struct error take_token(struct client *client, const char *source, struct slice token) {
    while (token.length > 0 && strchr(" \t\r\n", token.data[token.length - 1]) != NULL)
        token.length--;
    bool is_visible = true;
    for (size_t i = 0; i < token.length; i++)
        is_visible = is_visible && token.data[i] > ' ' && token.data[i] < 0x7F;
    if (token.length == 0 || token.length > TOKEN_BYTES_AT_MOST || !is_visible)
        return error_make(ERROR_INVALID, "%s: not a bearer token of 1 to %d visible characters",
                          source, TOKEN_BYTES_AT_MOST);
    client->authorization =
        arena_format(&client->arena, "Authorization: Bearer %.*s", SLICE_PRINTF(token));
    return error_none();
}

static struct error read_token_file(struct client *client, const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_make(ERROR_INVALID, "%s: the bearer token cannot be read: %s", path,
                          strerror(errno));
    char token[TOKEN_BYTES_AT_MOST + 2];
    (void)setvbuf(file, NULL, _IONBF, 0); /* no second copy of the secret */
    errno = 0;
    size_t length = fread(token, 1, sizeof token, file);
    struct error error =
        ferror(file) != 0
            ? error_make(ERROR_INVALID, "%s: the bearer token cannot be read: %s", path,
                         strerror(errno))
            : take_token(client, path, (struct slice){.data = token, .length = length});
    (void)fclose(file);
    OPENSSL_cleanse(token, sizeof token);
    return error;
}

static struct error take_url(struct client *client, const char *url) {
    struct slice trimmed = slice_from_string(url);
    while (slice_ends_with(trimmed, SLICE("/")))
        trimmed.length--;
    client->url = arena_copy(&client->arena, trimmed).data;
    static const char *const schemes[] = {"http://", "https://"};
    const char *host = "";
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (strncmp(client->url, schemes[i], strlen(schemes[i])) == 0)
            host = client->url + strlen(schemes[i]);
    }
    if (strchr(host, '@') != NULL)
        return error_make(ERROR_INVALID, "the server's address must not hold a user or password");
    if (*host == '\0' || strpbrk(host, "?# ") != NULL)
        return error_make(ERROR_INVALID, "'%s' is not an address such as https://muster.example",
                          client->url);
    return error_none();
}

struct error client_open(struct client *client, const struct client_options *options) {
    *client = (struct client){0};
    const char *url = options->url != NULL ? options->url : find_variable("MUSTER_URL");
    struct error error = take_url(client, url == NULL ? DEFAULT_URL : url);
    if (error_is_set(&error))
        return error;
    client->ca_file = options->ca_file != NULL ? options->ca_file : find_variable("MUSTER_CA_FILE");
    if (options->token_file != NULL)
        return read_token_file(client, options->token_file);
    const char *token = find_variable("MUSTER_TOKEN");
    if (token == NULL)
        return error_make(ERROR_INVALID, "there is no bearer token: set MUSTER_TOKEN or give "
                                         "--token-file");
    return take_token(client, "MUSTER_TOKEN", slice_from_string(token));
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
    (void)curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
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
    if (client->ca_file != NULL) {
        /* In place of the system's, not beside them. */
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, client->ca_file);
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
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
    if (response->request_id[0] != '\0') {
        (void)fputs(", request-id ", stderr);
        output_print_text(stderr, response->request_id);
    }
    (void)fputs(")\n", stderr);
    return COMMAND_FAILED;
}

static const char *where(const struct client *client) {
    return client->socket != NULL ? client->socket : client->url;
}

/* What curl says of everything else is that the server cannot be reached. */
static int report_failure(const struct client *client, CURLcode code) {
    if (code == CURLE_URL_MALFORMAT) {
        (void)fprintf(stderr, "muster: '%s' is not an address such as https://muster.example\n",
                      where(client));
        return COMMAND_MISUSED;
    }
    if (code == CURLE_SSL_CACERT_BADFILE) {
        (void)fprintf(stderr, "muster: %s: not a PEM file of CAs that can be read\n",
                      client->ca_file == NULL ? "the system's CAs" : client->ca_file);
        return COMMAND_FAILED;
    }
    if (code == CURLE_WRITE_ERROR) {
        (void)fprintf(stderr, "muster: %s answered with more than %u bytes\n", where(client),
                      ANSWER_BYTES_AT_MOST);
        return COMMAND_FAILED;
    }
    (void)fprintf(stderr, "muster: %s cannot be reached: %s", where(client),
                  curl_easy_strerror(code));
    if (client->socket != NULL)
        (void)fputs("; is muster serve running on this --data-dir?", stderr);
    else if (code == CURLE_PEER_FAILED_VERIFICATION)
        (void)fputs("; --ca-file or MUSTER_CA_FILE names the CA to trust", stderr);
    (void)fputc('\n', stderr);
    return COMMAND_UNREACHABLE;
}

/* Seconds after which a throttled request may be made again; 0: not soon, or not throttled. What
 * was throttled was not carried out, so that it may be a change, too. */
static unsigned find_wait(CURL *curl) {
    long status = 0;
    curl_off_t seconds = 0;
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
    bool is_soon = seconds > 0 && seconds <= THROTTLED_WAIT_SECONDS_AT_MOST;
    return status == STATUS_TOO_MANY_REQUESTS && is_soon ? (unsigned)seconds : 0;
}

static CURLcode send_patiently(CURL *curl, struct buffer *answer,
                               struct client_response *response) {
    CURLcode code = curl_easy_perform(curl);
    for (int i = 0; i < THROTTLED_TRIES_AT_MOST && code == CURLE_OK; i++) {
        unsigned wait = find_wait(curl);
        if (wait == 0)
            break;
        (void)fprintf(stderr,
                      "muster: the server takes no more requests for now (429 TooManyRequests); "
                      "trying again in %u s\n",
                      wait);
        (void)sleep(wait);
        buffer_clear(answer);
        response->request_id[0] = '\0';
        code = curl_easy_perform(curl);
    }
    return code;
}

static int perform(struct client *client, CURL *curl, struct buffer *answer,
                   struct client_response *response) {
    CURLcode code = send_patiently(curl, answer, response);
    if (code != CURLE_OK)
        return report_failure(client, code);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response->status);
    if (answer->length > 0)
        response->body = json_loadb(answer->data, answer->length, 0, NULL);
    bool is_done = response->status >= 200 && response->status < 300;
    return is_done ? COMMAND_DONE : report_refusal(response);
}

static bool add_header(struct curl_slist **headers, const char *line) {
    struct curl_slist *longer = curl_slist_append(*headers, line);
    if (longer != NULL)
        *headers = longer;
    return longer != NULL;
}

/* curl copied the token into the list. */
static void free_headers(struct curl_slist *headers) {
    for (struct curl_slist *at = headers; at != NULL; at = at->next)
        OPENSSL_cleanse(at->data, strlen(at->data));
    curl_slist_free_all(headers);
}

int client_request(struct client *client, const char *method, const char *path, const json_t *body,
                   struct client_response *response) {
    *response = (struct client_response){0};
    const char *url = arena_format(&client->arena, "%s%s", client->url, path).data;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = NULL;
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    struct buffer answer = {0};
    bool is_ready = curl != NULL && (body == NULL || text != NULL) &&
                    add_header(&headers, "Accept: application/json");
    if (is_ready && text != NULL)
        is_ready = add_header(&headers, "Content-Type: application/json");
    if (is_ready && client->prefer != NULL)
        is_ready = add_header(&headers, client->prefer);
    if (is_ready && client->authorization.length > 0)
        is_ready = add_header(&headers, client->authorization.data);
    int result = COMMAND_FAILED;
    if (is_ready) {
        configure(curl, client, method, url, text, headers, &answer, response);
        result = perform(client, curl, &answer, response);
    } else {
        (void)fputs("muster: the request could not be made: out of memory\n", stderr);
    }
    curl_easy_cleanup(curl);
    free_headers(headers);
    buffer_free(&answer);
    free(text);
    return result;
}

int client_request_object(struct client *client, const char *method, const char *path,
                          const json_t *body, json_t **object) {
    struct client_response response;
    int result = client_request(client, method, path, body, &response);
    *object = response.body;
    if (result == COMMAND_DONE && !json_is_object(response.body)) {
        (void)fprintf(stderr, "muster: %s did not answer with a JSON object; is it Muster?\n",
                      where(client));
        result = COMMAND_FAILED;
    }
    if (result != COMMAND_DONE) {
        json_decref(*object);
        *object = NULL;
    }
    return result;
}

const char *client_link_path(const struct client *client, const char *link) {
    size_t length = strlen(client->url);
    if (strncmp(link, client->url, length) == 0 && link[length] == '/')
        return link + length;
    const char *host = strstr(link, "://");
    return host == NULL ? NULL : strchr(host + strlen("://"), '/');
}
