package sql_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// scoreCell names a figure as kpi_sums does. A network_part is one municipality's
// scores on its days in one network, which nobody publishes.
type scoreCell struct{ period, perspective, grouping, key, municipality string }

func (c scoreCell) isPublished() bool { return c.grouping != "network_part" }

func (c scoreCell) String() string {
	return strings.Join([]string{c.perspective, c.grouping, c.key, c.municipality, c.period}, " ")
}

// invented is a year of satisfaction.
type invented struct {
	scores  map[scoreCell]int
	regions map[string]string // by municipality
	sums    map[string]*scoreSum
}

// scoreSum is a whole and parts that add up to it.
type scoreSum struct {
	whole scoreCell
	parts map[scoreCell]bool
}

// unknown lists what of the sum, its whole among them, the attacker does not have.
func (s scoreSum) unknown(unknown map[scoreCell]bool) []scoreCell {
	var left []scoreCell
	if unknown[s.whole] {
		left = append(left, s.whole)
	}
	for cell := range s.parts {
		if unknown[cell] {
			left = append(left, cell)
		}
	}
	return left
}

// town is an invented municipality in one month.
type town struct {
	code, network string
	later         string // its network in the second half of the month
	size          int    // about how many scores its citizens give, and its agents get
}

// inventHotline draws some months of a few municipalities, agents, queues and topics.
// Some municipalities are tiny and some change network; an agent may change employer;
// calls of unknown municipalities come in.
func inventHotline(r *rand.Rand, municipalities int) invented {
	h := invented{scores: map[scoreCell]int{}, regions: map[string]string{}, sums: map[string]*scoreSum{}}
	networks := 1 + r.IntN(3)
	towns := h.inventTowns(r, municipalities, networks)
	for month := range 1 + r.IntN(6) {
		var desks []int
		for i := range towns {
			if r.IntN(15) == 0 && towns[i].network != "unknown" {
				towns[i].network = fmt.Sprintf("N%d", r.IntN(networks))
			}
			towns[i].later = towns[i].network
			if r.IntN(16) == 0 {
				towns[i].later = fmt.Sprintf("N%d", r.IntN(networks))
			}
			for range r.IntN(towns[i].size + 2) {
				desks = append(desks, i)
			}
		}
		for _, citizens := range towns {
			for range r.IntN(3*citizens.size + 1) {
				h.call(r, fmt.Sprintf("2026-%02d", month+1), citizens, towns, desks)
			}
		}
	}
	return h
}

// inventTowns draws municipalities whose regions cross the networks, are the same,
// hold whole networks or lie within one.
func (h invented) inventTowns(r *rand.Rand, municipalities, networks int) []town {
	regions, shape := 1+r.IntN(4), r.IntN(4)
	towns := []town{{code: "unknown", network: "unknown", size: r.IntN(3)}}
	h.regions["unknown"] = "unknown"
	for m := range municipalities {
		network, region := r.IntN(networks), r.IntN(regions)
		switch shape {
		case 1:
			region = network
		case 2:
			region = network / 2
		case 3:
			region = 2*network + r.IntN(2)
		}
		t := town{code: fmt.Sprintf("%04d", 101+m), network: fmt.Sprintf("N%d", network), size: []int{1, 3, 8, 40}[r.IntN(4)]}
		if r.IntN(12) == 0 { // a caller's municipality that is no member
			t.network = "unknown"
		}
		h.regions[t.code] = fmt.Sprintf("Region %d", region)
		towns = append(towns, t)
	}
	return towns
}

// call draws one call that was scored, answered at one of the desks. Every municipality
// has three agents, one of whom works for another one as well.
func (h invented) call(r *rand.Rand, month string, citizens town, towns []town, desks []int) {
	employer, seat := r.IntN(len(towns)), r.IntN(3)
	if len(desks) > 0 {
		employer = desks[r.IntN(len(desks))]
	}
	agent := fmt.Sprintf("agent%d-%d", employer, seat)
	if seat == 2 {
		agent = fmt.Sprintf("shared%d", employer/2)
	}
	groups := [][2]string{{"queue", fmt.Sprintf("queue%d", r.IntN(3))}}
	for _, topic := range r.Perm(3)[:r.IntN(3)] { // a call may have two topics, or none
		groups = append(groups, [2]string{"topic", fmt.Sprintf("topic%d", topic)})
	}
	colleagues := towns[employer]
	if r.IntN(2) == 0 {
		citizens.network, colleagues.network = citizens.later, colleagues.later
	}
	h.score("citizen", month, citizens, groups)
	h.score("agent", month, colleagues, [][2]string{{"agent", agent}})
}

// score adds one valid score to every figure of a perspective that it belongs to.
func (h invented) score(perspective, month string, t town, groups [][2]string) {
	quarter := "2026K" + map[bool]string{true: "1", false: "2"}[month <= "2026-03"]
	var inner []scoreCell
	for _, period := range []string{month, quarter, "2026"} {
		cell := func(grouping, key, municipality string) scoreCell {
			return scoreCell{period, perspective, grouping, key, municipality}
		}
		total := cell("total", "total", "all")
		own := cell("municipality", t.code, "all")
		region, net := cell("region", h.regions[t.code], "all"), cell("network", t.network, "all")
		part := cell("network_part", t.network, t.code)
		cells := []scoreCell{total, own, region, net, part}
		h.part(total, own)
		h.part(total, region)
		h.part(total, net)
		h.part(region, own)
		h.part(net, part)
		h.part(own, part)
		h.part(scoreCell{period, "citizen", "total", "total", "all"}, scoreCell{period, "agent", "total", "total", "all"})
		for _, g := range groups {
			all, within := cell(g[0], g[1], "all"), cell(g[0], g[1], t.code)
			cells = append(cells, all, within)
			h.part(all, within)
			if g[0] != "topic" { // a call may have two topics
				h.part(total, all)
				h.part(own, within)
			}
		}
		for i, c := range cells {
			h.scores[c]++
			if inner != nil {
				h.part(c, inner[i])
			}
		}
		inner = cells
	}
}

// part notes that one figure is a part of another.
func (h invented) part(whole, part scoreCell) {
	name := fmt.Sprint(whole, "/", part.perspective, part.grouping, part.municipality == "all", len(part.period))
	if h.sums[name] == nil {
		h.sums[name] = &scoreSum{whole, map[scoreCell]bool{}}
	}
	h.sums[name].parts[part] = true
}
