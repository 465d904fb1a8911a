#include "graph/metadata.h"

#include <string.h>

#define NAMESPACE "microsoft.graph"
#define TYPES_AT_MOST 64
#define KEY "id" /* of every entity type */

struct type_list {
    const void *items[TYPES_AT_MOST];
    size_t count;
};

struct document {
    const struct graph_route *routes;
    size_t route_count;
    enum graph_version version;
    struct buffer *out;
    struct type_list entities;
    struct type_list complexes;
    struct type_list enumerations;
};

static void add(struct type_list *list, const void *type) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == type)
            return;
    }
    if (list->count < TYPES_AT_MOST)
        list->items[list->count++] = type;
}

static void add_shape(struct document *document, const struct property_shape *shape) {
    if (shape->enumeration != NULL)
        add(&document->enumerations, shape->enumeration);
    if (shape->complex != NULL)
        add(&document->complexes, shape->complex);
}

/* Every type that can be reached from a route. Complex types may have others in them: those are
 * added behind, and their turn comes. */
static void collect_types(struct document *document) {
    for (size_t i = 0; i < document->route_count; i++) {
        if (document->routes[i].type != NULL)
            add(&document->entities, document->routes[i].type);
    }
    for (size_t i = 0; i < document->entities.count; i++) {
        const struct entity_type *type = document->entities.items[i];
        for (size_t j = 0; j < type->property_count; j++)
            add_shape(document, &type->properties[j].shape);
    }
    for (size_t i = 0; i < document->complexes.count; i++) {
        const struct complex_type *type = document->complexes.items[i];
        for (size_t j = 0; j < type->property_count; j++)
            add_shape(document, &type->properties[j].shape);
    }
}

/* Tables name types as clients see them, "microsoft.graph.x"; within the schema they are "x". */
static const char *local_name(const char *name) {
    size_t prefix = sizeof NAMESPACE; /* with its dot */
    return strncmp(name, NAMESPACE ".", prefix) == 0 ? name + prefix : name;
}

static const char *name_type(const struct property *property, const struct property_shape *shape) {
    if (shape->enumeration != NULL)
        return shape->enumeration->name;
    if (shape->primitive != NULL)
        return shape->primitive;
    switch (property->type) {
    case PROPERTY_STRING:
    case PROPERTY_GUID:
    case PROPERTY_STRINGS:
    case PROPERTY_ENUMERATION:
        return "Edm.String";
    case PROPERTY_INSTANT:
        return "Edm.DateTimeOffset";
    case PROPERTY_INT32:
        return "Edm.Int32";
    case PROPERTY_BOOLEAN:
        return "Edm.Boolean";
    case PROPERTY_COMPLEX:
        return shape->complex == NULL ? "Edm.Untyped" : shape->complex->name;
    }
    return "Edm.Untyped";
}

/* Seven decimals are what instants have; CSDL takes none for granted. */
static const char *describe_type(const char *name) {
    return strcmp(name, "Edm.DateTimeOffset") == 0 ? " Precision=\"7\"" : "";
}

/* A Property or Parameter element; nullable is what CSDL takes for granted. */
static void write_typed(struct document *document, const char *element,
                        const struct property *property, const struct property_shape *shape) {
    if (shape->only_on_v1_0 && document->version != GRAPH_V1_0)
        return;
    const char *type = name_type(property, shape);
    buffer_append_format(document->out, "        <%s Name=\"%s\" Type=\"%s%s%s\"%s%s/>\n", element,
                         property->name, shape->is_collection ? "Collection(" : "", type,
                         shape->is_collection ? ")" : "", describe_type(type),
                         property->nullable ? "" : " Nullable=\"false\"");
}

static void write_enumeration(struct document *document, const struct enum_type *type) {
    buffer_append_format(document->out, "      <EnumType Name=\"%s\">\n", local_name(type->name));
    for (int64_t i = 0; i < type->choice_count; i++) {
        const char *member = type->choose(i);
        if (member != NULL)
            buffer_append_format(document->out, "        <Member Name=\"%s\" Value=\"%d\"/>\n",
                                 member, (int)i);
    }
    buffer_append_string(document->out, "      </EnumType>\n");
}

static void write_complex(struct document *document, const struct complex_type *type) {
    buffer_append_format(document->out, "      <ComplexType Name=\"%s\">\n",
                         local_name(type->name));
    for (size_t i = 0; i < type->property_count; i++)
        write_typed(document, "Property", &type->properties[i].schema, &type->properties[i].shape);
    buffer_append_string(document->out, "      </ComplexType>\n");
}

/* What stands in pattern behind parent and its slash, when that is one segment; else NULL. */
static const char *child_segment(const char *pattern, struct slice parent) {
    if (strncmp(pattern, parent.data, parent.length) != 0 || pattern[parent.length] != '/')
        return NULL;
    const char *child = pattern + parent.length + 1;
    return strchr(child, '/') == NULL ? child : NULL;
}

static void write_navigation(struct document *document, const struct entity_type *type) {
    for (size_t i = 0; i < document->route_count; i++) {
        const struct graph_route *parent = &document->routes[i];
        if (parent->type != type || parent->is_collection)
            continue;
        for (size_t j = 0; j < document->route_count; j++) {
            const struct graph_route *route = &document->routes[j];
            const char *name = child_segment(route->pattern, slice_from_string(parent->pattern));
            if (name != NULL && route->is_collection)
                buffer_append_format(document->out,
                                     "        <NavigationProperty Name=\"%s\" "
                                     "Type=\"Collection(%s)\" ContainsTarget=\"true\"/>\n",
                                     name, route->type->name);
        }
    }
}

static void write_entity(struct document *document, const struct entity_type *type) {
    buffer_append_format(document->out,
                         "      <EntityType Name=\"%s\">\n"
                         "        <Key>\n"
                         "          <PropertyRef Name=\"" KEY "\"/>\n"
                         "        </Key>\n",
                         local_name(type->name));
    for (size_t i = 0; i < type->property_count; i++)
        write_typed(document, "Property", &type->properties[i].schema, &type->properties[i].shape);
    write_navigation(document, type);
    buffer_append_string(document->out, "      </EntityType>\n");
}

/* The type of the entity that an action's address names in front of the action. */
static const struct entity_type *find_bound_type(const struct document *document,
                                                 const struct graph_route *action) {
    struct slice parent = slice_from_string(action->pattern);
    parent.length = (size_t)(strrchr(action->pattern, '/') - action->pattern);
    for (size_t i = 0; i < document->route_count; i++) {
        if (slice_equals_string(parent, document->routes[i].pattern))
            return document->routes[i].type;
    }
    return NULL;
}

static void write_action(struct document *document, const struct graph_route *action) {
    static const struct property_shape plain = {.is_collection = false};
    const struct entity_type *type = find_bound_type(document, action);
    if (type == NULL)
        return;
    buffer_append_format(document->out,
                         "      <Action Name=\"%s\" IsBound=\"true\">\n"
                         "        <Parameter Name=\"bindingParameter\" Type=\"%s\" "
                         "Nullable=\"false\"/>\n",
                         strrchr(action->pattern, '/') + 1, type->name);
    for (size_t i = 0; i < action->parameter_count; i++)
        write_typed(document, "Parameter", &action->parameters[i], &plain);
    buffer_append_string(document->out, "      </Action>\n");
}

static void write_container(struct document *document) {
    buffer_append_string(document->out, "      <EntityContainer Name=\"GraphService\">\n");
    for (size_t i = 0; i < document->route_count; i++) {
        const struct graph_route *route = &document->routes[i];
        if (routes_is_singleton(route))
            buffer_append_format(document->out, "        <Singleton Name=\"%s\" Type=\"%s\"/>\n",
                                 route->pattern, route->type->name);
    }
    buffer_append_string(document->out, "      </EntityContainer>\n");
}

static void write_schema(struct document *document) {
    for (size_t i = 0; i < document->enumerations.count; i++)
        write_enumeration(document, document->enumerations.items[i]);
    for (size_t i = 0; i < document->entities.count; i++)
        write_entity(document, document->entities.items[i]);
    for (size_t i = 0; i < document->complexes.count; i++)
        write_complex(document, document->complexes.items[i]);
    for (size_t i = 0; i < document->route_count; i++) {
        if (document->routes[i].is_action)
            write_action(document, &document->routes[i]);
    }
    write_container(document);
}

void metadata_write(const struct graph_route *routes, size_t count, enum graph_version version,
                    struct buffer *out) {
    struct document document = {
        .routes = routes, .route_count = count, .version = version, .out = out};
    collect_types(&document);
    buffer_append_string(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                              "<edmx:Edmx Version=\"4.0\" "
                              "xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\n"
                              "  <edmx:DataServices>\n"
                              "    <Schema Namespace=\"" NAMESPACE "\" "
                              "xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n");
    write_schema(&document);
    buffer_append_string(out, "    </Schema>\n"
                              "  </edmx:DataServices>\n"
                              "</edmx:Edmx>\n");
}
