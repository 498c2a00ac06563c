package leader

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/den-digitale-hotline/ddh/reports"
)

// ErrNoFigures is wrapped by the error of a Load for which the published copy has
// nothing: the period is not built yet, or the municipality has no calls in it.
var ErrNoFigures = errors.New("no figures")

// Load reads one report's data. Period is a month, quarter or year, or a range that
// covers one exactly; municipality is a four-digit code.
func Load(ctx context.Context, db *sql.DB, period reports.Period, municipality string) (Data, error) {
	calendar, ok := period.Calendar()
	if !ok {
		return Data{}, fmt.Errorf("a leader report covers a month, quarter or year, not %q", period.Key)
	}
	l := loader{db: db, data: Data{Period: calendar}, code: municipality}
	for _, step := range []func(context.Context) error{
		l.about, l.municipality, l.memberships, l.catalogue, l.moments, l.municipalities, l.groups,
		l.guides, l.agentNames, l.openDays, l.hours, l.exchanges,
	} {
		if err := step(ctx); err != nil {
			return Data{}, fmt.Errorf("leader report for %s in %s: %w", municipality, calendar.Key, err)
		}
	}
	return l.data, nil
}

// List returns the municipalities that have figures in a period in either
// perspective, in Danish order of name: those for which Load succeeds. It includes
// municipalities that are not, or no longer, members; see IsMember.
func List(ctx context.Context, db *sql.DB, period reports.Period) ([]Municipality, error) {
	calendar, ok := period.Calendar()
	if !ok {
		return nil, fmt.Errorf("a leader report covers a month, quarter or year, not %q", period.Key)
	}
	var found []Municipality
	err := query(ctx, db, `
		select m.municipality_code, m.municipality_name, exists (
			select 1 from marts.dim_membership as b
			where b.municipality_code = m.municipality_code
			and b.valid_from <= cast(? as date) and b.valid_to >= cast(? as date)
		)
		from marts.dim_municipality as m
		where m.municipality_code <> 'unknown'
		and exists (
			select 1 from marts.kpi_values as v
			where v.period = ? and v.municipality_code = 'all'
			and v.grouping = 'municipality' and v.key = m.municipality_code
		)`,
		[]any{calendar.To.Format(time.DateOnly), calendar.From.Format(time.DateOnly), calendar.Key},
		func(scan func(...any) error) error {
			var m Municipality
			err := scan(&m.Code, &m.Name, &m.IsMember)
			found = append(found, m)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list municipalities with figures in %s: %w", calendar.Key, err)
	}
	slices.SortFunc(found, func(a, b Municipality) int { return reports.Compare(a.Name, b.Name) })
	return found, nil
}

type loader struct {
	db   *sql.DB
	data Data
	code string
}

func (l *loader) about(ctx context.Context) error {
	a := &l.data.About
	row := l.db.QueryRowContext(ctx, `
		select data_until, coalesce(run_id, ''), coalesce(program_version, ''),
		       coalesce(is_simulated, false), coalesce(contact, '')
		from marts.dim_data`)
	var until sql.NullTime
	if err := row.Scan(&until, &a.Run, &a.ProgramVersion, &a.Simulated, &a.Contact); err != nil {
		return fmt.Errorf("read marts.dim_data: %w", err)
	}
	a.DataUntil = until.Time
	return nil
}

func (l *loader) municipality(ctx context.Context) error {
	m := &l.data.Municipality
	row := l.db.QueryRowContext(ctx, `
		select m.municipality_code, m.municipality_name, coalesce(m.region_name, ''), coalesce(m.network, ''),
		       coalesce(p.population, 0), p.population_date, coalesce(m.is_member, false)
		from marts.dim_municipality as m
		left join marts.dim_population as p
			on m.municipality_code = p.municipality_code and cast(? as date) between p.valid_from and p.valid_to
		where m.municipality_code = ?`, l.data.Period.To.Format(time.DateOnly), l.code)
	var counted sql.NullTime
	err := row.Scan(&m.Code, &m.Name, &m.Region, &m.Network, &m.Population, &counted, &m.IsMember)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("there is no municipality with code %q: %w", l.code, ErrNoFigures)
	}
	if err != nil {
		return fmt.Errorf("read marts.dim_municipality: %w", err)
	}
	m.PopulationDate = counted.Time
	return nil
}

func (l *loader) catalogue(ctx context.Context) error {
	return query(ctx, l.db, `
		select kpi, label, unit, coalesce(decimals, 0), coalesce(direction, ''),
		       coalesce(definition, ''), coalesce(formula, '')
		from marts.dim_kpi
		order by sort_order, kpi`,
		nil, func(scan func(...any) error) error {
			var k KPI
			err := scan(&k.ID, &k.Label, &k.Format.Unit, &k.Format.Decimals, &k.Direction, &k.Definition, &k.Formula)
			l.data.Catalogue = append(l.data.Catalogue, k)
			return err
		})
}

// moments reads the trend, the previous period and last year's in one go.
func (l *loader) moments(ctx context.Context) error {
	moments, err := l.wantedMoments(ctx)
	if err != nil {
		return err
	}
	args := []any{l.code, l.data.Municipality.Network}
	for key := range moments {
		args = append(args, key)
	}
	err = query(ctx, l.db, `
		select period, grouping, perspective, `+figureColumns+`
		from marts.kpi_values
		where municipality_code = 'all'
		and (
			grouping = 'total'
			or (grouping = 'municipality' and key = ?)
			or (grouping = 'network' and key = ?)
		)
		and period in (`+marks(len(moments))+`)`,
		args, func(scan func(...any) error) error {
			var period, grouping, perspective string
			kpi, figure, err := scanFigure(scan, &period, &grouping, &perspective)
			moments[period].add(grouping, perspective, kpi, figure)
			return err
		})
	if err != nil {
		return err
	}
	return l.placeMoments(moments)
}

// wantedMoments makes an empty moment for each period that the report compares.
func (l *loader) wantedMoments(ctx context.Context) (map[string]*Moment, error) {
	moments := map[string]*Moment{}
	want := func(p reports.Period) {
		moments[p.Key] = &Moment{Period: p, Own: Figures{}, Agents: Figures{}, Network: Figures{}, Total: Figures{}}
	}
	want(l.data.Period)
	want(l.data.Period.Previous())
	want(l.data.Period.LastYear())
	err := query(ctx, l.db, `
		select period
		from marts.dim_period
		where period_kind = ? and period_to <= cast(? as date)
		order by period_to desc
		limit ?`,
		[]any{string(l.data.Period.Kind), l.data.Period.To.Format(time.DateOnly), trendLength},
		func(scan func(...any) error) error {
			var key string
			if err := scan(&key); err != nil {
				return err
			}
			period, err := reports.ParsePeriod(key)
			if err == nil {
				want(period)
			}
			return err
		})
	return moments, err
}

func (m *Moment) add(grouping, perspective, kpi string, figure Figure) {
	switch {
	case grouping == "municipality" && perspective == citizenPerspective:
		m.Own[kpi] = figure
	case grouping == "municipality":
		m.Agents[kpi] = figure
	case perspective != citizenPerspective:
	case grouping == "network":
		m.Network[kpi] = figure
	default:
		m.Total[kpi] = figure
	}
}

func (l *loader) placeMoments(moments map[string]*Moment) error {
	now := moments[l.data.Period.Key]
	if len(now.Own) == 0 && len(now.Agents) == 0 {
		return fmt.Errorf("%s has no calls in the period: %w", l.data.Municipality.Name, ErrNoFigures)
	}
	l.data.Previous = *moments[l.data.Period.Previous().Key]
	l.data.LastYear = *moments[l.data.Period.LastYear().Key]
	for _, moment := range moments {
		if len(moment.Own) > 0 || len(moment.Agents) > 0 {
			l.data.Trend = append(l.data.Trend, *moment)
		}
	}
	slices.SortFunc(l.data.Trend, func(a, b Moment) int { return a.Period.To.Compare(b.Period.To) })
	return nil
}

func (l *loader) municipalities(ctx context.Context) error {
	groups := map[string]*Group{}
	err := query(ctx, l.db, `
		select key, coalesce(label, key), perspective, `+figureColumns+`
		from marts.kpi_values
		where period = ? and municipality_code = 'all' and grouping = 'municipality'
		and (perspective = 'citizen' or kpi = 'handled_for_others')`,
		[]any{l.data.Period.Key}, func(scan func(...any) error) error {
			var key, label, perspective string
			kpi, figure, err := scanFigure(scan, &key, &label, &perspective)
			group(groups, key, label).Now[kpi] = figure
			return err
		})
	l.data.Municipalities = byLabel(groups)
	return err
}

// groups reads every grouping within the own municipality: agents in the agent
// perspective, all others in the citizen's; guides also for the previous period.
func (l *loader) groups(ctx context.Context) error {
	all := map[string]map[string]*Group{}
	for _, grouping := range []string{"agent", "guide", "topic", "transfer_number"} {
		all[grouping] = map[string]*Group{}
	}
	err := query(ctx, l.db, `
		select period, grouping, key, coalesce(label, key), `+figureColumns+`
		from marts.kpi_values
		where municipality_code = ? and period in (?, ?)
		and (
			(grouping = 'agent' and perspective = 'agent')
			or (grouping in ('guide', 'topic', 'transfer_number') and perspective = 'citizen')
		)`,
		[]any{l.code, l.data.Period.Key, l.data.Previous.Period.Key}, func(scan func(...any) error) error {
			var period, grouping, key, label string
			kpi, figure, err := scanFigure(scan, &period, &grouping, &key, &label)
			if err != nil {
				return err
			}
			g := group(all[grouping], key, label)
			if period == l.data.Period.Key {
				g.Now[kpi] = figure
			} else {
				g.Before[kpi] = figure
			}
			return nil
		})
	l.data.Agents = byLabel(all["agent"])
	l.data.Topics = byLabel(all["topic"])
	l.data.Transfers = byLabel(all["transfer_number"])
	for _, g := range byLabel(all["guide"]) {
		l.data.Guides = append(l.data.Guides, Guide{Group: g})
	}
	return err
}

func (l *loader) guides(ctx context.Context) error {
	at := map[string]int{}
	for i, guide := range l.data.Guides {
		at[guide.Key] = i
	}
	return query(ctx, l.db, `
		select cast(guide_id as varchar), coalesce(title, ''), coalesce(scope, ''), coalesce(category, '')
		from marts.dim_guide`,
		nil, func(scan func(...any) error) error {
			var id, title, scope, category string
			err := scan(&id, &title, &scope, &category)
			if i, used := at[id]; used {
				guide := &l.data.Guides[i]
				guide.Scope, guide.Category = scope, category
				if title != "" {
					guide.Label = title
				}
			}
			return err
		})
}

// agentNames puts names on the own agents, who go by their number everywhere else
// (DOMAIN §6).
func (l *loader) agentNames(ctx context.Context) error {
	at := map[string]int{}
	for i, agent := range l.data.Agents {
		at[agent.Key] = i
	}
	err := query(ctx, l.db, `
		select cast(agent_id as varchar), agent_name
		from marts.dim_agent
		where agent_name is not null`,
		nil, func(scan func(...any) error) error {
			var id, name string
			err := scan(&id, &name)
			if i, own := at[id]; own {
				l.data.Agents[i].Label = name
			}
			return err
		})
	slices.SortFunc(l.data.Agents, compareGroups)
	return err
}

const figureColumns = `kpi, cast(value as double), cast(n as bigint), cast(lower as double),
			cast(upper as double), cast(target as double), coalesce(status, 'no_data'), coalesce(expected, '')`

// scanFigure scans the given leading columns and then figureColumns.
func scanFigure(scan func(...any) error, leading ...any) (string, Figure, error) {
	var kpi string
	var f Figure
	var value, lower, upper, target sql.NullFloat64
	var n sql.NullInt64
	err := scan(append(leading, &kpi, &value, &n, &lower, &upper, &target, &f.Status, &f.Expected)...)
	f.Value, f.Lower, f.Upper, f.Target = orNaN(value), orNaN(lower), orNaN(upper), orNaN(target)
	f.N = n.Int64
	return kpi, f, err
}

func orNaN(x sql.NullFloat64) float64 {
	if !x.Valid {
		return math.NaN()
	}
	return x.Float64
}

func group(groups map[string]*Group, key, label string) *Group {
	if groups[key] == nil {
		groups[key] = &Group{Key: key, Label: label, Now: Figures{}, Before: Figures{}}
	}
	return groups[key]
}

// byLabel lists the groups that have figures now, in Danish order of label.
func byLabel(groups map[string]*Group) []Group {
	var list []Group
	for _, g := range groups {
		if len(g.Now) > 0 {
			list = append(list, *g)
		}
	}
	slices.SortFunc(list, compareGroups)
	return list
}

func compareGroups(a, b Group) int {
	if c := reports.Compare(a.Label, b.Label); c != 0 {
		return c
	}
	return strings.Compare(a.Key, b.Key)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// query calls each with a scan function for every row.
func query(ctx context.Context, db *sql.DB, text string, args []any, each func(scan func(...any) error) error) error {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
