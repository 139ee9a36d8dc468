// The translator: when the project is loaded, types the answer to each segment in OmegaT's own tags, as a person would.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.omegat.core.Core
import org.omegat.core.data.PrepareTMXEntry

if (eventType.toString() != "LOAD") return

def answers = new JsonSlurper().parse(new File(System.getProperty("answers")), "UTF-8")
def project = Core.project
def shown = []
project.allEntries.each { segment ->
    // The letter of a tag says what it looks like and is OmegaT's affair; its role and number say which code it is.
    def tags = [:]
    def seen = segment.srcText.replaceAll(/<\/?\p{L}(\d+)\/?>/) { whole, number ->
        def role = whole.startsWith("</") ? "close" : whole.endsWith("/>") ? "alone" : "open"
        def tag = "<$role $number>".toString()
        tags[tag] = whole
        tag
    }
    shown << [seen: seen, filled: project.getTranslationInfo(segment).translation]
    def answer = answers[seen]
    if (answer == null) return
    def entry = new PrepareTMXEntry()
    entry.source = segment.srcText
    entry.translation = answer.replaceAll(/<(?:open|close|alone) \d+>/) { tags[it] }
    project.setTranslation(segment, entry, true, null)
}
// What Project > Save writes; without a window there is no saving thread to ask.
def properties = project.projectProperties
project.projectTMX.save(properties, properties.projectInternal + "project_save.tmx", true)
new File(System.getProperty("said")).setText(JsonOutput.toJson([shown: shown]), "UTF-8")
