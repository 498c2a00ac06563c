package model

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// external are the schemas that others fill: the engine reads them only.
var external = []string{"raw", "reference", "seeds"}

// mayRead says which schemas a layer's models may name.
var mayRead = map[string][]string{
	"staging":      {"raw", "seeds", "reference"},
	"intermediate": {"staging", "intermediate", "seeds", "reference"},
	"marts":        {"intermediate", "marts", "seeds", "reference"},
	"reports":      {"marts", "reports"},
	"feed":         {"marts", "reports", "feed"},
}

// Graph is a set of models that fit together.
type Graph struct {
	order     []*Model            // every model after all it reads
	byName    map[string]*Model   // full name and bare name
	reads     map[string][]string // full name -> full names it reads, in order
	externals []string            // tables of the external schemas that are read
}

// NewGraph finds what each model reads, with DuckDB's parser on conn, and puts the
// models in building order. Conn's database must hold the tables of the raw,
// reference and seeds schemas. Unknown names, references without a schema or to a
// layer that may not be read, cycles, functions whose result is not given by the
// tables alone and faulty checks are refused, all at once, as Faults.
func NewGraph(ctx context.Context, conn *sql.Conn, models []Model) (*Graph, error) {
	outside, err := externalTables(ctx, conn)
	if err != nil {
		return nil, err
	}
	g := &Graph{byName: make(map[string]*Model), reads: make(map[string][]string)}
	for i := range models {
		g.byName[models[i].FullName()] = &models[i]
	}
	l := linker{ctx: ctx, db: conn, graph: g, outside: outside}
	for i := range models {
		if err := l.link(&models[i]); err != nil {
			return nil, err
		}
	}
	g.sort(models, &l.faults)
	if err := l.faults.err(); err != nil {
		return nil, err
	}
	for _, m := range g.order {
		g.byName[m.Name] = m
	}
	g.externals = slices.Sorted(maps.Keys(l.used))
	return g, nil
}

// externalTables lists tables and views that models may read without building them.
func externalTables(ctx context.Context, db querier) (map[string]bool, error) {
	out := make(map[string]bool)
	objects, err := readObjects(ctx, db)
	if err != nil {
		return nil, err
	}
	for name := range objects {
		schema, _, _ := strings.Cut(name, ".")
		if slices.Contains(external, schema) {
			out[name] = true
		}
	}
	return out, nil
}

// Models are all models in building order.
func (g *Graph) Models() []*Model { return slices.Clone(g.order) }

// Lookup finds a model by "schema.name" or by its bare name.
func (g *Graph) Lookup(name string) (*Model, bool) {
	m, ok := g.byName[name]
	return m, ok
}

// Reads lists the full names of what a model's query names, tables of external
// schemas included.
func (g *Graph) Reads(full string) []string { return slices.Clone(g.reads[full]) }

// Externals lists the tables of the external schemas that some model reads.
func (g *Graph) Externals() []string { return slices.Clone(g.externals) }

// Upstream lists everything a model rests on, external tables first, then models
// in building order.
func (g *Graph) Upstream(full string) []string {
	found := make(map[string]bool)
	g.climb(full, nil, found)
	return g.inOrder(found)
}

// climb marks everything above full, without going past a name in stop.
func (g *Graph) climb(full string, stop, found map[string]bool) {
	for _, name := range g.reads[full] {
		if found[name] {
			continue
		}
		found[name] = true
		if !stop[name] {
			g.climb(name, stop, found)
		}
	}
}

// Downstream lists the models that rest on a table or model, in building order.
func (g *Graph) Downstream(full string) []string {
	found := map[string]bool{full: true}
	var out []string
	for _, m := range g.order {
		if slices.ContainsFunc(g.reads[m.FullName()], func(name string) bool { return found[name] }) {
			found[m.FullName()] = true
			out = append(out, m.FullName())
		}
	}
	return out
}

func (g *Graph) inOrder(names map[string]bool) []string {
	var out []string
	for _, name := range g.externals {
		if names[name] {
			out = append(out, name)
		}
	}
	for _, m := range g.order {
		if names[m.FullName()] {
			out = append(out, m.FullName())
		}
	}
	return out
}

// sort orders the models by layer and name as far as what they read allows, so
// that the order is the same on every machine.
func (g *Graph) sort(models []Model, faults *Faults) {
	waiting := make([]*Model, len(models))
	for i := range models {
		waiting[i] = &models[i]
	}
	slices.SortFunc(waiting, func(a, b *Model) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Layers, a.Schema), slices.Index(Layers, b.Schema)),
			cmp.Compare(a.Name, b.Name))
	})
	placed := make(map[string]bool)
	ready := func(m *Model) bool {
		return !slices.ContainsFunc(g.reads[m.FullName()], func(name string) bool {
			return g.byName[name] != nil && !placed[name]
		})
	}
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, ready)
		if i < 0 {
			g.reportCycle(waiting, faults)
			return
		}
		placed[waiting[i].FullName()] = true
		g.order = append(g.order, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
}

// reportCycle names one way round: every model that waits reads another that
// waits, so following them must come back to where it has been.
func (g *Graph) reportCycle(waiting []*Model, faults *Faults) {
	stuck := make(map[string]bool)
	for _, m := range waiting {
		stuck[m.FullName()] = true
	}
	var path []string
	for name := waiting[0].FullName(); ; {
		if i := slices.Index(path, name); i >= 0 {
			path = append(path[i:], name)
			break
		}
		path = append(path, name)
		next := slices.IndexFunc(g.reads[name], func(n string) bool { return stuck[n] })
		name = g.reads[name][next]
	}
	faults.add(g.byName[path[0]].File, 0, "the models read each other in a circle: %s", strings.Join(path, " reads "))
}

// String draws the graph, one model a line.
func (g *Graph) String() string {
	var out strings.Builder
	for _, m := range g.order {
		fmt.Fprintf(&out, "%s <- %s\n", m.FullName(), strings.Join(g.reads[m.FullName()], ", "))
	}
	return out.String()
}
