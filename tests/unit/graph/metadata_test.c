/* What $metadata is made of: a table of routes, and the types that they lead to. */
#include "graph/metadata.h"

#include "graph/negotiation.h"
#include "test.h"

static const char *choose_size(int64_t number) {
    static const char *const sizes[] = {[0] = "small", [2] = "large"};
    return sizes[number];
}

static const struct enum_type size = {"microsoft.graph.size", choose_size, 3};

static const struct complex_property edge_properties[] = {
    {.schema = {"length", PROPERTY_INT32, false, false}},
    {.schema = {"size", PROPERTY_STRING, false, false}, .shape = {.enumeration = &size}},
};
static const struct complex_type edge = {"microsoft.graph.edge", edge_properties,
                                         COUNT_OF(edge_properties)};

static const struct complex_property shape_properties[] = {
    {.schema = {"edges", PROPERTY_COMPLEX, true, false},
     .shape = {.is_collection = true, .complex = &edge}},
    {.schema = {"old", PROPERTY_STRING, true, false}, .shape = {.only_on_v1_0 = true}},
};
static const struct complex_type shape = {"microsoft.graph.shape", shape_properties,
                                          COUNT_OF(shape_properties)};

static const struct entity_property thing_properties[] = {
    {.schema = {"id", PROPERTY_STRING, false, false}},
    {.schema = {"made", PROPERTY_INSTANT, false, false}},
    {.schema = {"sizes", PROPERTY_STRING, true, false},
     .shape = {.is_collection = true, .enumeration = &size}},
    {.schema = {"tags", PROPERTY_STRING, false, true}, .shape = {.is_collection = true}},
    {.schema = {"shape", PROPERTY_COMPLEX, true, false}, .shape = {.complex = &shape}},
    {.schema = {"owner", PROPERTY_GUID, true, false}},
    {.schema = {"exact", PROPERTY_GUID, true, false}, .shape = {.primitive = "Edm.Guid"}},
};
static const struct entity_type thing = {"microsoft.graph.thing", thing_properties,
                                         COUNT_OF(thing_properties)};
static const struct entity_type root = {"microsoft.graph.root", thing_properties, 1};

static const struct property parameters[] = {{"by", PROPERTY_INT32, false, true}};

static const struct graph_route table[] = {
    {.pattern = "", .is_open = true},
    {.pattern = "$metadata", .is_open = true},
    {.pattern = "root", .type = &root},
    {.pattern = "root/things", .type = &thing, .is_collection = true},
    {.pattern = "root/things/{id}", .type = &thing},
    {.pattern = "root/things/{id}/grow",
     .is_action = true,
     .parameters = parameters,
     .parameter_count = COUNT_OF(parameters)},
    {.pattern = "root/others", .type = &thing, .is_collection = true},
};

static const char beta[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\n"
    "  <edmx:DataServices>\n"
    "    <Schema Namespace=\"microsoft.graph\" "
    "xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n"
    "      <EnumType Name=\"size\">\n"
    "        <Member Name=\"small\" Value=\"0\"/>\n"
    "        <Member Name=\"large\" Value=\"2\"/>\n"
    "      </EnumType>\n"
    "      <EntityType Name=\"root\">\n"
    "        <Key>\n"
    "          <PropertyRef Name=\"id\"/>\n"
    "        </Key>\n"
    "        <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\"/>\n"
    "        <NavigationProperty Name=\"things\" Type=\"Collection(microsoft.graph.thing)\" "
    "ContainsTarget=\"true\"/>\n"
    "        <NavigationProperty Name=\"others\" Type=\"Collection(microsoft.graph.thing)\" "
    "ContainsTarget=\"true\"/>\n"
    "      </EntityType>\n"
    "      <EntityType Name=\"thing\">\n"
    "        <Key>\n"
    "          <PropertyRef Name=\"id\"/>\n"
    "        </Key>\n"
    "        <Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\"/>\n"
    "        <Property Name=\"made\" Type=\"Edm.DateTimeOffset\" Precision=\"7\" "
    "Nullable=\"false\"/>\n"
    "        <Property Name=\"sizes\" Type=\"Collection(microsoft.graph.size)\"/>\n"
    "        <Property Name=\"tags\" Type=\"Collection(Edm.String)\" Nullable=\"false\"/>\n"
    "        <Property Name=\"shape\" Type=\"microsoft.graph.shape\"/>\n"
    "        <Property Name=\"owner\" Type=\"Edm.String\"/>\n"
    "        <Property Name=\"exact\" Type=\"Edm.Guid\"/>\n"
    "      </EntityType>\n"
    "      <ComplexType Name=\"shape\">\n"
    "        <Property Name=\"edges\" Type=\"Collection(microsoft.graph.edge)\"/>\n"
    "      </ComplexType>\n"
    "      <ComplexType Name=\"edge\">\n"
    "        <Property Name=\"length\" Type=\"Edm.Int32\" Nullable=\"false\"/>\n"
    "        <Property Name=\"size\" Type=\"microsoft.graph.size\" Nullable=\"false\"/>\n"
    "      </ComplexType>\n"
    "      <Action Name=\"grow\" IsBound=\"true\">\n"
    "        <Parameter Name=\"bindingParameter\" Type=\"microsoft.graph.thing\" "
    "Nullable=\"false\"/>\n"
    "        <Parameter Name=\"by\" Type=\"Edm.Int32\" Nullable=\"false\"/>\n"
    "      </Action>\n"
    "      <EntityContainer Name=\"GraphService\">\n"
    "        <Singleton Name=\"root\" Type=\"microsoft.graph.root\"/>\n"
    "      </EntityContainer>\n"
    "    </Schema>\n"
    "  </edmx:DataServices>\n"
    "</edmx:Edmx>\n";

static void a_table_of_routes_becomes_a_schema(void **state) {
    (void)state;
    struct buffer out = {0};
    metadata_write(table, COUNT_OF(table), GRAPH_BETA, &out);
    assert_slice(buffer_slice(&out), beta);
    buffer_free(&out);
}

static void what_is_only_on_one_version_is_declared_only_there(void **state) {
    (void)state;
    struct buffer out = {0};
    metadata_write(table, COUNT_OF(table), GRAPH_V1_0, &out);
    buffer_append_byte(&out, '\0');
    assert_non_null(strstr(out.data, "<Property Name=\"old\" Type=\"Edm.String\"/>"));
    buffer_free(&out);
}

/* A type that is named somewhere and declared nowhere would make the whole document useless. */
static void every_type_that_is_served_is_declared(void **state) {
    (void)state;
    struct buffer out = {0};
    size_t count = 0;
    const struct graph_route *routes = routes_all(&count);
    metadata_write(routes, count, GRAPH_V1_0, &out);
    buffer_append_byte(&out, '\0');
    size_t found = 0;
    for (const char *at = out.data; (at = strstr(at, "\"microsoft.graph.")) != NULL; found++) {
        at += strlen("\"microsoft.graph.");
        char declared[128];
        (void)snprintf(declared, sizeof declared, "Type Name=\"%.*s\">", (int)strcspn(at, "\")"),
                       at);
        if (strstr(out.data, declared) == NULL)
            fail_msg("%s is nowhere", declared);
    }
    assert_true(found > 10);
    assert_null(strstr(out.data, "Edm.Untyped"));
    buffer_free(&out);
}

static void xml_is_served_to_who_takes_it_or_asks_for_it_by_format(void **state) {
    (void)state;
    static const struct {
        const char *accept;
        const char *query;
        enum error_code code;
    } cases[] = {
        {NULL, "", ERROR_NONE},
        {"*/*", "", ERROR_NONE},
        {"text/html,application/xhtml+xml,application/xml;q=0.9", "", ERROR_NONE},
        {"application/json", "", ERROR_NOT_ACCEPTABLE},
        {"application/xml;q=0", "", ERROR_NOT_ACCEPTABLE},
        {"application/json", "$format=xml", ERROR_NONE},
        {"application/json", "a=b&%24format=application%2Fxml", ERROR_NONE},
        {NULL, "$format=json", ERROR_NOT_ACCEPTABLE},
        {NULL, "$format=", ERROR_NOT_ACCEPTABLE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct header header = {SLICE("Accept"), slice_from_string(cases[i].accept)};
        const struct request request = {.headers = &header,
                                        .header_count = cases[i].accept == NULL ? 0 : 1,
                                        .query = slice_from_string(cases[i].query)};
        assert_error(negotiation_check_xml(&request), cases[i].code);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_of_routes_becomes_a_schema),
        cmocka_unit_test(what_is_only_on_one_version_is_declared_only_there),
        cmocka_unit_test(every_type_that_is_served_is_declared),
        cmocka_unit_test(xml_is_served_to_who_takes_it_or_asks_for_it_by_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
