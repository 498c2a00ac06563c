package leader

import (
	"context"
	"fmt"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
)

// openDays counts the days on which an own agent was not logged off before midnight,
// so that the time of that day may be too long.
func (l *loader) openDays(ctx context.Context) error {
	l.data.OpenDays = map[string]int64{}
	return query(ctx, l.db, `
		select cast(agent_id as varchar), count(*)
		from marts.fct_agent_presence
		where agent_municipality_code = ? and is_until_midnight
		and presence_date between cast(? as date) and cast(? as date)
		group by agent_id`,
		[]any{l.code, l.data.Period.From.Format(time.DateOnly), l.data.Period.To.Format(time.DateOnly)},
		func(scan func(...any) error) error {
			var agent string
			var days int64
			err := scan(&agent, &days)
			l.data.OpenDays[agent] = days
			return err
		})
}

// shifts is how long the own agents were logged on, and for what.
func (b builder) shifts() reports.Table {
	ids := []string{loggedOnHours, readyHours, pauseHours}
	table := reports.Table{
		Name:  "shifts",
		Title: fmt.Sprintf("Vagter for medarbejdere fra %s, %s", b.Municipality.Name, b.Period.Label()),
		Short: "Vagter",
		Columns: []reports.Column{
			{Key: "agent", Label: "Medarbejder", Unit: reports.UnitText},
			{Key: "days", Label: "Dage med log på", Unit: reports.UnitCount},
		},
		Empty: fmt.Sprintf("Ingen medarbejdere fra %s har været logget på i %s.", b.Municipality.Name, b.Period.ThisKind()),
		Notes: []string{
			"Tiderne er i timer. Logget på er klar, pause, samtaler og efterbehandling lagt sammen; en samtale regnes fra første ring.",
			"Uden log af: dage, hvor ingen log af kom før midnat. Er der nogen, kan medarbejderens tider være for lange.",
		},
	}
	for _, id := range ids {
		table.Columns = append(table.Columns, b.column(id))
	}
	table.Columns = append(table.Columns, reports.Column{Key: "open_days", Label: "Uden log af", Unit: reports.UnitCount})
	for _, agent := range having(b.Agents, loggedOnHours) {
		row := []reports.Value{reports.Text(agent.Label), count(loggedOnHours, agent.Now)}
		for _, id := range ids {
			row = append(row, b.value(id, agent.Now))
		}
		table.Rows = append(table.Rows, append(row, reports.Count(b.OpenDays[agent.Key])))
	}
	if len(table.Rows) > 0 {
		table.Finding = fmt.Sprintf("%s fra %s har været logget på i %s timer tilsammen.",
			plural(len(table.Rows), "medarbejder", "medarbejdere"), b.Municipality.Name, b.value(loggedOnHours, b.now.Agents))
	}
	return table
}
