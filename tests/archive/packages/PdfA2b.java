import java.io.File;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Holds documents against PDF/A-2b with veraPDF: java -cp JAR PdfA2b.java FILE...
 *
 * A line for each document: COMPLIANT or NOT, how many checks were made, its name; after it a line for each rule that is
 * broken, with its clause of ISO 19005-2. veraPDF's own reader of its profiles needs classes that the jar leaves out, so
 * the rules are read from its profile here; they are veraPDF's, all of them.
 */
public final class PdfA2b {
    private static final PDFAFlavour FLAVOUR = PDFAFlavour.PDFA_2_B;

    public static void main(String[] names) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile profile = profile("/org/verapdf/pdfa/validation/PDFA-2B.xml");
        System.out.println("RULES\t" + profile.getRules().size());
        for (String name : names) {
            try (PDFAParser document = Foundries.defaultInstance().createParser(new File(name), FLAVOUR);
                 PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false)) {
                ValidationResult result = validator.validate(document);
                String verdict = result.isCompliant() ? "COMPLIANT" : "NOT";
                System.out.println(verdict + "\t" + result.getTotalAssertions() + "\t" + name);
                for (TestAssertion broken : result.getTestAssertions()) {
                    System.out.println("\t" + broken.getRuleId().getClause() + "\t" + broken.getMessage().strip());
                }
            }
        }
    }

    private static ValidationProfile profile(String path) throws Exception {
        Document read;
        try (InputStream in = PDFAValidator.class.getResourceAsStream(path)) {
            read = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
        Set<Rule> rules = new HashSet<>();
        for (Element one : all(read.getDocumentElement(), "rule")) {
            Element id = all(one, "id").get(0);
            Element error = all(one, "error").get(0);
            List<ErrorArgument> none = Collections.emptyList();
            rules.add(Profiles.ruleFromValues(
                Profiles.ruleIdFromValues(
                    FLAVOUR.getPart(), id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber"))),
                one.getAttribute("object"), Boolean.valueOf(one.getAttribute("deferred")), one.getAttribute("tags"),
                text(one, "description"), text(one, "test"),
                Profiles.errorFromValues(text(error, "message"), none), Collections.emptyList()));
        }
        Set<Variable> variables = new HashSet<>();
        for (Element one : all(read.getDocumentElement(), "variable")) {
            variables.add(Profiles.variableFromValues(
                one.getAttribute("name"), one.getAttribute("object"), text(one, "defaultValue"), text(one, "value")));
        }
        return Profiles.profileFromValues(
            FLAVOUR, Profiles.profileDetailsFromValues("PDF/A-2b", "", "veraPDF", new Date(0)), "", rules, variables);
    }

    private static String text(Element of, String name) {
        return all(of, name).get(0).getTextContent();
    }

    private static List<Element> all(Element of, String name) {
        NodeList found = of.getElementsByTagName(name);
        List<Element> all = new ArrayList<>();
        for (int n = 0; n < found.getLength(); n++) {
            all.add((Element) found.item(n));
        }
        return all;
    }
}
