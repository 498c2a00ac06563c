package leader_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHelpGivenAndReceived(t *testing.T) {
	help := section(t, sample(), "help")
	want := []string{
		"Kommune|Vi svarede for dem|De svarede for os|Forskel",
		"Aarhus (ikke medlem)|79|150|-71",
		"Nabo|0|52|-52",
		"Odsherred (ikke medlem)|40|12|28",
		"Ukendt/ikke-medlem|90|3|87", // last, although there is more of it
		"I alt|209|217|-8",           // the own agents' calls for the own citizens apart
	}
	if diff := cmp.Diff(want, printed(help.Tables[0])); diff != "" {
		t.Errorf("help (-want +got):\n%s", diff)
	}
	const finding = "Medarbejdere fra Holbæk svarede på 209 opkald for andre kommuner, og andre svarede på 217 for borgerne i Holbæk: 8 flere modtaget end givet."
	if help.Finding != finding {
		t.Errorf("got  %s\nwant %s", help.Finding, finding)
	}
	const own = "Egne medarbejdere var de første til at svare på 25 opkald fra borgerne i Holbæk: 10,3 % af de besvarede."
	notes := help.Tables[0].Notes
	if got := notes[len(notes)-1]; got != own {
		t.Errorf("got  %s\nwant %s", got, own)
	}
}

func TestHelpSaysWhichSideIsLarger(t *testing.T) {
	for received, want := range map[int64]string{
		1: "208 flere givet end modtaget.", 209: "lige meget givet og modtaget.",
	} {
		data := sample()
		for i := range data.Exchanges {
			data.Exchanges[i].Received = 0
		}
		data.Exchanges[1].Received = received
		if got := section(t, data, "help").Finding; !strings.HasSuffix(got, ": "+want) {
			t.Errorf("with %d received: %s", received, got)
		}
	}
}
