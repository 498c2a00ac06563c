package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/den-digitale-hotline/ddh/etl"
	"github.com/den-digitale-hotline/ddh/etl/model"
	"github.com/den-digitale-hotline/ddh/etl/puzzel"
	"github.com/den-digitale-hotline/ddh/etl/sbnu"
	"github.com/den-digitale-hotline/ddh/etl/survey"
	"github.com/den-digitale-hotline/ddh/etl/warehouse"
	ddhsql "github.com/den-digitale-hotline/ddh/sql"
)

func main() {
	ctx := context.Background()
	models, err := model.Load(ddhsql.Models())
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	dir, _ := os.MkdirTemp("", "zz")
	var tables []etl.Table
	tables = append(tables, puzzel.Tables()...)
	tables = append(tables, survey.Tables()...)
	tables = append(tables, sbnu.Tables()...)
	w, err := warehouse.Open(ctx, warehouse.Options{Path: dir + "/w.duckdb", PublishedDir: dir + "/pub", Schema: ddhsql.Schema(), Tables: tables, Now: time.Now})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	set, faults := reference.Read(os.DirFS("/work/main/etl/reference/template"), reference.Options{})
	_ = faults
	conn, _ := w.Conn(ctx)
	g, err := model.NewGraph(ctx, conn, models)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(g)
}
