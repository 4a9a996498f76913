// A column of buttons on the map, wrapped where the map is low. "tools": list of {id, hint, path};
// "active": the id of the one in hand. What is pressed goes out through pressed(id).
import QtQuick
import QtQuick.Shapes

Flow {
    id: bar

    property var look: ({})
    property var tools: []
    property string active
    property bool hintsLeft: false

    signal pressed(string name)

    flow: Flow.TopToBottom
    spacing: 6

    Repeater {
        model: bar.tools

        Rectangle {
            id: button
            required property var modelData
            readonly property bool chosen: bar.active === modelData.id
            width: 34
            height: 34
            radius: 5
            color: chosen ? bar.look.accent : Qt.alpha(bar.look.panel, 0.92)
            border.width: activeFocus ? 2 : 1
            border.color: chosen ? bar.look.accent
                : activeFocus || area.containsMouse ? bar.look.accent : bar.look.line
            activeFocusOnTab: true
            objectName: "tool_" + modelData.id
            Accessible.role: Accessible.Button
            Accessible.name: modelData.hint
            Accessible.checkable: true
            Accessible.checked: chosen
            Accessible.onPressAction: bar.pressed(modelData.id)
            Keys.onReturnPressed: bar.pressed(modelData.id)
            Keys.onEnterPressed: bar.pressed(modelData.id)
            Keys.onSpacePressed: bar.pressed(modelData.id)

            Shape {
                anchors.centerIn: parent
                width: 24
                height: 24
                ShapePath {
                    strokeColor: button.chosen ? bar.look.panel : bar.look.text
                    strokeWidth: 1.6
                    fillColor: "transparent"
                    capStyle: ShapePath.RoundCap
                    joinStyle: ShapePath.RoundJoin
                    PathSvg { path: button.modelData.path }
                }
            }

            MouseArea {
                id: area
                anchors.fill: parent
                hoverEnabled: true
                onClicked: bar.pressed(button.modelData.id)
            }

            Rectangle {
                visible: area.containsMouse || button.activeFocus
                x: bar.hintsLeft ? -width - 8 : button.width + 8
                anchors.verticalCenter: parent.verticalCenter
                width: words.implicitWidth + 16
                height: 26
                radius: 5
                z: 1
                color: bar.look.panel
                border.color: bar.look.line
                Text {
                    id: words
                    anchors.centerIn: parent
                    textFormat: Text.PlainText
                    color: bar.look.text
                    font.family: bar.look.family
                    font.pixelSize: 12
                    text: button.modelData.hint
                }
            }
        }
    }
}
