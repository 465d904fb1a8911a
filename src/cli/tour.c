#include "cli/tour.h"

/* In single quotes a POSIX shell takes everything literally but the quote itself. */
static void print_quoted(FILE *out, const char *text) {
    (void)fputc('\'', out);
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            (void)fputs("'\\''", out);
        else
            (void)fputc(*text, out);
    }
    (void)fputc('\'', out);
}

static void print_assignment(FILE *out, const char *name, const char *value) {
    (void)fprintf(out, "  %s=", name);
    print_quoted(out, value);
    (void)fputc('\n', out);
}

void tour_print(FILE *out, const char *program, const char *data_directory, const char *address) {
    (void)fputs("\nMuster serves. A tour, to paste into another terminal in this folder:\n\n"
                "  # a bearer token of the built-in issuer, as an administrator would get one\n",
                out);
    print_assignment(out, "MUSTER", program);
    print_assignment(out, "DATA", data_directory);
    (void)fprintf(out, "  export MUSTER_URL=http://%s\n", address);
    (void)fputs(
        "  export MUSTER_TOKEN=$(\"$MUSTER\" dev-token --data-dir \"$DATA\")\n"
        "  PROFILES=$MUSTER_URL/v1.0/deviceManagement/androidForWorkEnrollmentProfiles\n"
        "\n"
        "  # an enrollment profile\n"
        "  PROFILE=$(\"$MUSTER\" profile create --name Kiosks -o value)\n"
        "\n"
        "  # a token that lives ten minutes: 204 No Content\n"
        "  curl -i -X POST \"$PROFILES/$PROFILE/createToken\" -H \"Authorization: Bearer "
        "$MUSTER_TOKEN\" -H 'Content-Type: application/json' -d '{\"tokenValidityInSeconds\": "
        "600}'\n"
        "\n"
        "  # read it, and its expiry\n"
        "  curl -s \"$PROFILES/$PROFILE\" -H \"Authorization: Bearer $MUSTER_TOKEN\"; echo\n"
        "  TOKEN=$(\"$MUSTER\" token show \"$PROFILE\" -o value)\n"
        "\n"
        "  # a device redeems it: 201 Created\n"
        "  curl -i \"$MUSTER_URL/enroll\" -H 'Content-Type: application/json' -d "
        "\"{\\\"enrollmentToken\\\": \\\"$TOKEN\\\", \\\"device\\\": {\\\"serialNumber\\\": "
        "\\\"R58M12345\\\"}}\"; echo\n"
        "\n"
        "  # the administrator sees it\n"
        "  MUSTER_TOKEN=$(\"$MUSTER\" dev-token --data-dir \"$DATA\" --scope "
        "DeviceManagementManagedDevices.Read.All) \"$MUSTER\" device list\n"
        "\n",
        out);
    (void)fflush(out);
}
