"""The words of the templates: translated once, with their variables escaped."""

from plugins.words import Translator


def test_a_message_is_looked_up_once_and_its_variables_are_escaped():
    asked = []

    def words_of(message):
        asked.append(message)
        return message.replace("Thème", "Topic")

    translate = Translator(words_of)
    topics = [translate("Thème : %(topic)s", topic=name) for name in ("a & b", "c")]
    assert topics == ["Topic : a &amp; b", "Topic : c"]
    assert [translate("100 %% <b>"), translate("100 %% <b>")] == ["100 % <b>"] * 2
    assert asked == ["Thème : %(topic)s", "100 %% <b>"]
