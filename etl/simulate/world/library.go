package world

import (
	"fmt"

	"github.com/den-digitale-hotline/ddh/etl/simulate/dice"
)

// Topic is an enquiry topic of the phone system.
type Topic struct {
	ID, Category       int
	Name, CategoryName string
	Queue              int // the DDH queue in which such calls arrive
	Talk               float64
	guides             []int
	Weight             float64
}

// Guide is a guide of Selvbetjening.nu.
type Guide struct {
	ID, Title, Category string
	Owner               int // municipality of a local guide; None for national ones
}

func (w *World) addLibrary() {
	for c, cat := range catalogue {
		for k, name := range cat.topics {
			t := Topic{
				ID: 100*(c+1) + k + 1, Category: c + 1, Name: name, CategoryName: cat.name, Queue: cat.queue,
				Talk: 0.8 + 0.1*float64((c+k)%5), Weight: cat.weight / float64(k+1),
			}
			for _, verb := range []string{"Sådan bruger du: ", "Ansøg: "} {
				t.guides = append(t.guides, w.addGuide(verb+name, cat.name, None))
			}
			w.Topics = append(w.Topics, t)
		}
	}
	for i, m := range w.Municipalities {
		if m.Network != "" && i%2 == 0 {
			w.addGuide("Lokalt: selvbetjening i "+m.Name, "Lokal", i)
		}
	}
}

func (w *World) addGuide(title, category string, owner int) int {
	w.Guides = append(w.Guides, Guide{fmt.Sprintf("g%04d", 1001+7*len(w.Guides)), title, category, owner})
	return len(w.Guides) - 1
}

// Guide draws the guide an agent opens for a topic and a citizen's municipality.
func (w *World) Guide(d *dice.Dice, topic, municipality int) int {
	if municipality != None && d.Chance(0.15) {
		for g := len(w.Guides) - 1; w.Guides[g].Owner != None; g-- {
			if w.Guides[g].Owner == municipality {
				return g
			}
		}
	}
	return dice.Pick(d, w.Topics[topic].guides)
}

var catalogue = []struct {
	name   string
	queue  int
	weight float64
	topics []string
}{
	{"MitID og Digital Post", QueueNew, 22, []string{"MitID", "Digital Post", "Fritagelse for Digital Post", "NemLog-in"}},
	{"Pension og boligstøtte", QueuePension, 18, []string{"Folkepension", "Boligstøtte", "Helbredstillæg", "Ældrecheck"}},
	{"Flytning og folkeregister", QueueServices, 16, []string{"Flytning", "Adressebeskyttelse", "Bopælsattest"}},
	{"Pas og kørekort", QueueServices, 15, []string{"Pas", "Kørekort", "Legitimationskort"}},
	{"Børn og skole", QueueMain, 10, []string{"Pladsanvisning", "Skoleindskrivning", "Børne- og ungeydelse"}},
	{"Sundhed", QueueMain, 9, []string{"Lægevalg", "Sundhedskort", "Hjælpemidler"}},
	{"Bolig og miljø", QueueMain, 8, []string{"Affald", "Byggesag", "Rottebekæmpelse"}},
	{"Kontakt til kommunen", QueueMain, 12, []string{"Åbningstider", "Sagsbehandler", "Omstilling"}},
}
