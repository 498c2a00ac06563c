package main

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/reference"
	"github.com/den-digitale-hotline/ddh/reports/explain"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

// builtGraph is the graph of the models that are part of the program. It needs no
// warehouse: the tables that models read from are made empty, in memory.
func builtGraph(ctx context.Context) (*model.Graph, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	statements, err := emptyTables()
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, strings.Join(statements, ";\n")); err != nil {
		return nil, fmt.Errorf("lay out the models: %w", err)
	}
	models, err := model.Load(ddhsql.Models())
	if err != nil {
		return nil, err
	}
	return model.NewGraph(ctx, conn, models)
}

// emptyTables names every table outside of the models. Only their names matter.
func emptyTables() ([]string, error) {
	var names []string
	for _, t := range tables() {
		names = append(names, t.RawName())
	}
	for _, name := range slices.Concat(reference.Files(), []string{"municipality_spellings", "settings", "release"}) {
		names = append(names, "reference."+name)
	}
	seeds, err := fs.Glob(ddhsql.Seeds(), "*.csv")
	if err != nil {
		return nil, err
	}
	for _, file := range seeds {
		names = append(names, "seeds."+strings.TrimSuffix(file, ".csv"))
	}
	statements := []string{"create schema raw", "create schema reference", "create schema seeds"}
	for _, name := range names {
		statements = append(statements, "create table "+name+" (nothing boolean)")
	}
	return statements, nil
}

// figureLineage is what every figure is made of.
func figureLineage(ctx context.Context) (explain.Lineage, error) {
	graph, err := builtGraph(ctx)
	if err != nil {
		return explain.Lineage{}, err
	}
	const figures = "marts.kpi_values"
	contracts := tables()
	var l explain.Lineage
	for _, name := range append(graph.Upstream(figures), figures) {
		at := slices.IndexFunc(contracts, func(t etl.Table) bool { return t.RawName() == name })
		switch {
		case at >= 0:
			l.Tables = append(l.Tables, explain.RawTable{Name: name, Dated: contracts[at].Replace.Day != ""})
		default:
			l.Models = append(l.Models, name)
		}
	}
	return l, nil
}
